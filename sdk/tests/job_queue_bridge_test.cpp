// Jobs, their runs and their runners, as they cross from library to library.
#include <catch2/catch.hpp>
#include <string>

#include "fermata/job_queue.hpp"
#include "fermata/testing/threads_and_errors.hpp"
#include "fermata/testing/through_boundary.hpp"

using namespace fermata;
using namespace fermata::testing;

namespace {

std::string text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

class FakeQueue final : public JobQueue {
 public:
  void add_runner(std::string_view kind, JobRunner& added) override {
    if (runner != nullptr) throw Error(Code::conflict, "there is one");
    seen = "runner for " + std::string(kind);
    runner = &added;
  }
  uint64_t add(const JobRequest& request) override {
    seen = std::string(request.kind) + "|" + std::string(request.title) + "|" + text(request.parameters) + "|" +
           std::string(request.user);
    return uint64_t{1} << 40;
  }
  std::unique_ptr<JobCursor> list() override { return std::make_unique<Cursor>(); }
  void cancel(uint64_t id) override { seen = "cancel " + std::to_string(id); }
  void retry(uint64_t id) override { seen = "retry " + std::to_string(id); }
  void forget(uint64_t id) override {
    if (id == 0) throw Error(Code::not_found, "no such job");
    seen = "forget " + std::to_string(id);
  }
  std::string seen;
  JobRunner* runner = nullptr;

 private:
  class Cursor final : public JobCursor {
   public:
    bool next(Job& job) override {
      if (given_) return false;
      given_ = true;
      job = {7, Job::State::failed, "send", "Send", bytes("to A"), "jane", "no", 1, 2, 3, 4, 5, 6};
      return true;
    }

   private:
    bool given_ = false;
  };
};

class FakeRun final : public JobRun {
 public:
  uint64_t id() override { return 7; }
  std::span<const std::byte> parameters() override { return bytes("to A"); }
  std::span<const std::byte> checkpoint() override { return bytes("at 3"); }
  void save(std::span<const std::byte> checkpoint) override { saved = text(checkpoint); }
  void progress(uint64_t done, uint64_t total, std::string_view message) override {
    told = std::to_string(done) + "/" + std::to_string(total) + " " + std::string(message);
  }
  bool cancelled() override { return is_cancelled; }
  std::string saved, told;
  bool is_cancelled = false;
};

class Runner final : public JobRunner {
 public:
  void run(JobRun& run) override {
    if (run.cancelled()) throw Error(Code::unavailable, "later");
    run.save(run.checkpoint());
    run.progress(run.id(), 9, text(run.parameters()));
  }
};

}  // namespace

TEST_CASE("a queue is used through the boundary") {
  FakeQueue queue;
  const auto remote = through_boundary<JobQueue>(queue);
  CHECK(remote->add({"send", "Send", bytes("A\0B"), "jane"}) == uint64_t{1} << 40);
  CHECK(queue.seen == "send|Send|" + text(bytes("A\0B")) + "|jane");
  remote->cancel(5);
  CHECK(queue.seen == "cancel 5");
  remote->retry(6);
  CHECK(queue.seen == "retry 6");
  remote->forget(7);
  CHECK(queue.seen == "forget 7");
  CHECK(code_of([&] { remote->forget(0); }) == Code::not_found);

  const auto cursor = remote->list();
  Job job;
  REQUIRE(cursor->next(job));
  CHECK(job.id == 7);
  CHECK(job.state == Job::State::failed);
  CHECK(job.kind == "send");
  CHECK(job.title == "Send");
  CHECK(text(job.parameters) == "to A");
  CHECK(job.user == "jane");
  CHECK(job.message == "no");
  CHECK(job.done == 1);
  CHECK(job.total == 2);
  CHECK(job.attempts == 3);
  CHECK(job.created_us == 4);
  CHECK(job.changed_us == 5);
  CHECK(job.next_attempt_us == 6);
  CHECK_FALSE(cursor->next(job));
}

TEST_CASE("a runner crosses with its queue, and a run with its runner") {
  FakeQueue queue;
  Runner runner;
  const auto remote = through_boundary<JobQueue>(queue);
  remote->add_runner("send", runner);
  CHECK(queue.seen == "runner for send");
  CHECK(code_of([&] { remote->add_runner("send", runner); }) == Code::conflict);

  FakeRun run;
  queue.runner->run(run);
  CHECK(run.saved == "at 3");
  CHECK(run.told == "7/9 to A");
  run.is_cancelled = true;
  CHECK(code_of([&] { queue.runner->run(run); }) == Code::unavailable);
}
