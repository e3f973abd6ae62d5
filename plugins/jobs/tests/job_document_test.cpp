#include "job_document.hpp"

#include <catch2/catch.hpp>

#include "fermata/testing/threads_and_errors.hpp"
#include "given_clock.hpp"

using namespace fermata;
using namespace fermata::jobs;

namespace {

JobRecord sample() {
  JobRecord job;
  job.id = 42;
  job.state = Job::State::running;
  job.kind = "send";
  job.title = "Send 2 studies to \"LÄB\"\n";
  job.user = "jane";
  job.message = "half";
  job.done = 5;
  job.total = 10;
  job.attempts = 3;
  job.fruitless = 2;
  job.cancel_wanted = true;
  job.created_us = 1;
  job.changed_us = 2;
  job.next_attempt_us = 3;
  job.parameters = {std::byte{'\n'}, std::byte{0}, std::byte{'{'}};
  job.checkpoint = {std::byte{'\n'}, std::byte{0xff}};
  return job;
}

}  // namespace

TEST_CASE("A job comes out of its document as it went in, binary parts included") {
  const auto job = sample();
  const auto back = job_from_document(document_id(job.id), to_document(job));
  CHECK(back.id == 42);
  CHECK(back.state == Job::State::running);
  CHECK(back.kind == job.kind);
  CHECK(back.title == job.title);
  CHECK(back.user == job.user);
  CHECK(back.message == job.message);
  CHECK(back.done == 5);
  CHECK(back.total == 10);
  CHECK(back.attempts == 3);
  CHECK(back.fruitless == 2);
  CHECK(back.cancel_wanted);
  CHECK(back.created_us == 1);
  CHECK(back.changed_us == 2);
  CHECK(back.next_attempt_us == 3);
  CHECK(back.parameters == job.parameters);
  CHECK(back.checkpoint == job.checkpoint);
}

TEST_CASE("Ids of documents stand in the order of their jobs") {
  CHECK(document_id(9) < document_id(10));
  CHECK(document_id(99) < document_id(UINT64_MAX));
  CHECK(document_id(1).size() == 20);
}

TEST_CASE("A document that was cut or is none is corrupt, one of a newer version is unsupported") {
  auto document = to_document(sample());
  const auto id = document_id(42);
  document.pop_back();
  CHECK(testing::code_of([&] { job_from_document(id, document); }) == Code::corrupt);
  CHECK(testing::code_of([&] { job_from_document(id, {}); }) == Code::corrupt);
  CHECK(testing::code_of([&] { job_from_document(id, bytes("{}")); }) == Code::corrupt);
  CHECK(testing::code_of([&] { job_from_document("x", to_document(sample())); }) == Code::corrupt);
  CHECK(testing::code_of([&] { job_from_document(id, bytes("{\"format\":2}\n")); }) == Code::unsupported);
}
