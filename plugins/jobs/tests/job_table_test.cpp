#include "job_table.hpp"

#include <catch2/catch.hpp>

#include "fermata/testing/breakable_state_store.hpp"
#include "fermata/testing/threads_and_errors.hpp"
#include "given_clock.hpp"
#include "job_document.hpp"

using namespace fermata;
using namespace fermata::jobs;
using fermata::testing::code_of;

namespace {

const Kinds kSend{"send"};
constexpr int64_t kDay_s = 86400;

class Scene {
 public:
  TableSettings settings{3, 30 * kDay_s * 1'000'000, 100};
  testing::BreakableStateStore store;
  GivenClock clock;
  JobTable table{store, settings, clock.clock(), {}};

  /// The same documents, as the program finds them when it is started again.
  std::unique_ptr<JobTable> restarted() {
    auto again = std::make_unique<JobTable>(store, settings, clock.clock(), Journal{});
    again->load();
    return again;
  }
  Job::State state(uint64_t id) { return table.view(id, kSend).job.state; }
};

RunEnd again() { return {RunEnd::Kind::try_again, "nobody answers"}; }

}  // namespace

TEST_CASE("A job that was added waits, is claimed once, and is done") {
  Scene scene;
  const auto id = scene.table.add(request("send", "to A"));
  CHECK(scene.state(id) == Job::State::waiting);
  const auto claim = scene.table.claim(kSend);
  REQUIRE(claim);
  CHECK(claim->job.id == id);
  CHECK(text(claim->job.parameters) == "to A");
  CHECK(claim->job.attempts == 1);
  CHECK_FALSE(scene.table.claim(kSend));
  scene.table.progress(id, 3, 5, "3 of 5");
  scene.table.end(id, {});
  const auto job = scene.table.view(id, kSend).job;
  CHECK(job.state == Job::State::done);
  CHECK(job.done == 3);
  CHECK(job.message == "3 of 5");
  CHECK(text(scene.table.parameters(id)) == "to A");
}

TEST_CASE("A failed attempt is followed by others with growing delays, until the job has failed") {
  Scene scene;
  const auto id = scene.table.add(request("send"));
  for (const int delay : {10, 20}) {
    REQUIRE(scene.table.claim(kSend));
    scene.table.end(id, again());
    CHECK(scene.state(id) == Job::State::waiting);
    CHECK(scene.table.next_due(kSend) == scene.clock.now_us + delay * 1'000'000);
    CHECK_FALSE(scene.table.claim(kSend));
    scene.clock.pass(delay);
  }
  REQUIRE(scene.table.claim(kSend));
  scene.table.end(id, again());
  const auto job = scene.table.view(id, kSend).job;
  CHECK(job.state == Job::State::failed);
  CHECK(job.attempts == 3);
  CHECK(job.message == "nobody answers; given up after 3 attempts");
}

TEST_CASE("An attempt that has saved something is not counted as fruitless") {
  Scene scene;
  const auto id = scene.table.add(request("send"));
  for (int attempt = 0; attempt < 10; ++attempt) {
    REQUIRE(scene.table.claim(kSend));
    scene.table.save(id, bytes(std::to_string(attempt)));
    scene.table.end(id, again());
    CHECK(scene.state(id) == Job::State::waiting);
    scene.clock.pass(10);
  }
}

TEST_CASE("What ran when the program was killed waits again, with its checkpoint") {
  Scene scene;
  const auto id = scene.table.add(request("send", "to A"));
  scene.table.claim(kSend);
  scene.table.save(id, bytes("at 7"));
  const auto restarted = scene.restarted();
  const auto claim = restarted->claim(kSend);
  REQUIRE(claim);
  CHECK(claim->job.id == id);
  CHECK(text(claim->job.checkpoint) == "at 7");
  CHECK(text(claim->job.parameters) == "to A");
  CHECK(claim->job.attempts == 2);
  CHECK(restarted->add(request("send")) > id);
}

TEST_CASE("A job that ends the program each time is given up") {
  Scene scene;
  const auto id = scene.table.add(request("send"));
  for (int i = 0; i < 3; ++i) REQUIRE(scene.restarted()->claim(kSend));
  const auto restarted = scene.restarted();
  CHECK_FALSE(restarted->claim(kSend));
  CHECK(restarted->view(id, kSend).job.state == Job::State::failed);
}

TEST_CASE("A job that the end of the program interrupts waits again, and no attempt is counted") {
  Scene scene;
  const auto id = scene.table.add(request("send"));
  scene.table.claim(kSend);
  scene.table.end(id, {RunEnd::Kind::interrupted, ""});
  const auto claim = scene.restarted()->claim(kSend);
  REQUIRE(claim);
  CHECK(claim->job.attempts == 1);
}

TEST_CASE("A waiting job is cancelled at once, a running one is told, and that outlives a kill") {
  Scene scene;
  const auto first = scene.table.add(request("send"));
  scene.table.cancel(first);
  CHECK(scene.state(first) == Job::State::cancelled);
  CHECK_FALSE(scene.table.claim(kSend));

  const auto second = scene.table.add(request("send"));
  const auto claim = scene.table.claim(kSend);
  REQUIRE(claim);
  CHECK_FALSE(*claim->cancelled);
  scene.table.cancel(second);
  CHECK(*claim->cancelled);
  CHECK(scene.state(second) == Job::State::running);
  CHECK(scene.restarted()->view(second, kSend).job.state == Job::State::cancelled);
  scene.table.end(second, {RunEnd::Kind::cancelled, ""});
  CHECK(scene.state(second) == Job::State::cancelled);
}

TEST_CASE("A job that was cancelled is not tried again when its attempt fails") {
  Scene scene;
  const auto id = scene.table.add(request("send"));
  scene.table.claim(kSend);
  scene.table.cancel(id);
  scene.table.end(id, again());
  CHECK(scene.state(id) == Job::State::cancelled);
  CHECK_FALSE(scene.table.next_due(kSend));
}

TEST_CASE("A job that failed goes on from its checkpoint when it is tried again, after a restart too") {
  Scene scene;
  const auto id = scene.table.add(request("send", "to A"));
  scene.table.claim(kSend);
  scene.table.save(id, bytes("at 7"));
  scene.table.end(id, {RunEnd::Kind::failed, "no"});
  CHECK(scene.state(id) == Job::State::failed);
  const auto restarted = scene.restarted();
  restarted->retry(id);
  const auto claim = restarted->claim(kSend);
  REQUIRE(claim);
  CHECK(text(claim->job.checkpoint) == "at 7");
  CHECK(text(claim->job.parameters) == "to A");
}

TEST_CASE("What does not fit a job's state is a conflict, and a job that is not there is not found") {
  Scene scene;
  const auto id = scene.table.add(request("send"));
  CHECK(code_of([&] { scene.table.forget(id); }) == Code::conflict);
  scene.table.claim(kSend);
  CHECK(code_of([&] { scene.table.retry(id); }) == Code::conflict);
  CHECK(code_of([&] { scene.table.forget(id); }) == Code::conflict);
  scene.table.end(id, {});
  CHECK(code_of([&] { scene.table.retry(id); }) == Code::conflict);
  CHECK(code_of([&] { scene.table.cancel(id); }) == Code::conflict);
  scene.table.forget(id);
  for (const auto call : {&JobTable::cancel, &JobTable::retry, &JobTable::forget})
    CHECK(code_of([&] { (scene.table.*call)(id); }) == Code::not_found);
  CHECK(scene.restarted()->list(kSend).empty());
}

TEST_CASE("A request without a kind, or with more parameters than there is room for, is refused") {
  Scene scene;
  CHECK(code_of([&] { scene.table.add(request("")); }) == Code::invalid);
  CHECK(code_of([&] { scene.table.add(request("send", std::string(513 * 1024, 'x'))); }) == Code::invalid);
  const auto id = scene.table.add(request("send", std::string(512 * 1024, 'x')));
  scene.table.claim(kSend);
  scene.table.save(id, bytes(std::string(384 * 1024, 'y')));
  CHECK(code_of([&] { scene.table.save(id, bytes(std::string(385 * 1024, 'y'))); }) == Code::invalid);
}

TEST_CASE("Hundreds of jobs of one kind do not keep another kind waiting") {
  Scene scene;
  for (int i = 0; i < 300; ++i) scene.table.add(request("send"));
  const auto other = scene.table.add(request("other"));
  const Kinds both{"send", "other"};
  CHECK(scene.table.claim(both)->job.kind == "send");
  CHECK(scene.table.claim(both)->job.id == other);
}

TEST_CASE("A job whose plugin is missing waits and says so") {
  Scene scene;
  const auto id = scene.table.add(request("export"));
  CHECK_FALSE(scene.table.claim(kSend));
  CHECK_FALSE(scene.table.next_due(kSend));
  const auto job = scene.table.view(id, kSend).job;
  CHECK(job.state == Job::State::waiting);
  CHECK(job.message.find("\"export\"") != std::string::npos);
  CHECK(scene.table.claim({"export"}));
}

TEST_CASE("Jobs that ended long ago are removed, and the oldest of too many") {
  Scene scene;
  const auto end_one = [&] {
    const auto id = scene.table.add(request("send"));
    scene.table.claim(kSend);
    scene.table.end(id, {});
    return id;
  };
  const auto old = end_one();
  const auto waiting = scene.table.add(request("other"));
  scene.clock.pass(31 * kDay_s);
  const auto first = end_one();
  for (int i = 0; i < 100; ++i) end_one();
  scene.table.tidy();
  CHECK(code_of([&] { scene.table.view(old, kSend); }) == Code::not_found);
  CHECK(code_of([&] { scene.table.view(first, kSend); }) == Code::not_found);
  CHECK(scene.table.view(waiting, kSend).job.state == Job::State::waiting);
  CHECK(scene.table.list(kSend).size() == 101);
  CHECK(scene.restarted()->list(kSend).size() == 101);
}

TEST_CASE("A store that can't write keeps no job from ending, and is told of the end later") {
  Scene scene;
  const auto id = scene.table.add(request("send", "to A"));
  scene.table.claim(kSend);
  scene.store.broken = true;
  scene.table.end(id, {});
  CHECK(scene.state(id) == Job::State::done);
  CHECK(code_of([&] { scene.table.add(request("send")); }) == Code::io);
  scene.store.broken = false;
  scene.table.tidy();
  CHECK(scene.restarted()->view(id, kSend).job.state == Job::State::done);
  CHECK(text(scene.restarted()->parameters(id)) == "to A");
}

TEST_CASE("A job that can't be begun because the store can't write is begun later") {
  Scene scene;
  scene.table.add(request("send"));
  scene.store.broken = true;
  CHECK_FALSE(scene.table.claim(kSend));
  scene.store.broken = false;
  CHECK_FALSE(scene.table.claim(kSend));
  scene.clock.pass(10);
  CHECK(scene.table.claim(kSend));
}

TEST_CASE("A document that can't be read is left alone, and its number is not given again") {
  Scene scene;
  scene.store.put(kJobsCollection, document_id(1), bytes("rubbish"), StateStore::kAbsent);
  const auto restarted = scene.restarted();
  CHECK(restarted->list(kSend).empty());
  CHECK(restarted->add(request("send")) == 2);
}

TEST_CASE("how many jobs wait and have failed is told, and a failure until it is seen to") {
  std::map<std::string, double> gauges;
  std::string told;
  Journal journal;
  journal.gauge = [&](std::string_view name, double value) { gauges[std::string(name)] = value; };
  journal.condition = [&](std::string_view name, ConditionLevel level, std::string_view text, std::string_view) {
    told = level == ConditionLevel::fine ? "" : std::string(name) + ": " + std::string(text);
  };
  testing::BreakableStateStore store;
  GivenClock clock;
  JobTable table(store, {3, kDay_s * 1'000'000, 100}, clock.clock(), journal);
  const auto first = table.add({"send", "one", {}, ""});
  table.add({"send", "two", {}, ""});
  table.report();
  CHECK(gauges == std::map<std::string, double>{{"jobs_waiting", 2}, {"jobs_running", 0}, {"jobs_failed", 0}});
  CHECK(told.empty());

  REQUIRE(table.claim(kSend)->job.id == first);
  table.end(first, {RunEnd::Kind::failed, "no such node"});
  table.report();
  CHECK(gauges == std::map<std::string, double>{{"jobs_waiting", 1}, {"jobs_running", 0}, {"jobs_failed", 1}});
  CHECK(told == "failed-jobs: A job has failed");

  table.forget(first);
  table.report();
  CHECK(told.empty());
}
