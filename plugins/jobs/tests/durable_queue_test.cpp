#include "durable_queue.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <stdexcept>
#include <thread>

#include "fermata/testing/memory_state_store.hpp"
#include "fermata/testing/threads_and_errors.hpp"
#include "fermata/testing/through_boundary.hpp"
#include "given_clock.hpp"

using namespace fermata;
using namespace fermata::jobs;
using fermata::testing::code_of;

namespace {

class Doing final : public JobRunner {
 public:
  explicit Doing(std::function<void(JobRun&)> what) : what_(std::move(what)) {}
  void run(JobRun& run) override { what_(run); }

 private:
  const std::function<void(JobRun&)> what_;
};

class Scene {
 public:
  testing::MemoryStateStore store;
  GivenClock clock;
  JobTable table{store, {3, 1'000'000'000'000, 100}, clock.clock(), {}};
  DurableQueue queue{table, 2, {}};
  std::shared_ptr<JobQueue> remote = testing::through_boundary<JobQueue>(queue);

  JobView until(uint64_t id, const std::function<bool(const JobView&)>& reached) {
    for (int i = 0; i < 2000; ++i) {
      auto view = queue.view(id);
      if (reached(view)) return view;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    throw std::runtime_error("the job does not come to what was expected of it");
  }
  JobView ended(uint64_t id) {
    return until(id, [](const JobView& view) { return view.job.ended(); });
  }
  JobView attempted(uint64_t id) {
    return until(id, [](const JobView& v) { return v.job.attempts > 0 && v.job.state != Job::State::running; });
  }
};

}  // namespace

TEST_CASE("A job runs with its parameters, tells how it goes, and is done") {
  Scene scene;
  std::string seen;
  Doing runner([&](JobRun& run) {
    seen = std::to_string(run.id()) + " " + text(run.parameters()) + " " + text(run.checkpoint());
    run.save(bytes("half"));
    run.progress(2, 4, "two of four");
  });
  scene.remote->add_runner("send", runner);
  CHECK(code_of([&] { scene.remote->add_runner("send", runner); }) == Code::conflict);
  const auto id = scene.remote->add(request("send", "to A"));
  scene.queue.serve();
  CHECK(scene.ended(id).job.state == Job::State::done);
  scene.queue.drain(std::chrono::seconds(1));
  CHECK(seen == std::to_string(id) + " to A ");

  const auto list = scene.remote->list();
  Job job;
  REQUIRE(list->next(job));
  CHECK(job.id == id);
  CHECK(job.state == Job::State::done);
  CHECK(job.title == "Something to do");
  CHECK(job.user == "jane");
  CHECK(job.message == "two of four");
  CHECK(job.done == 2);
  CHECK(job.total == 4);
  CHECK(text(job.parameters) == "to A");
  CHECK_FALSE(list->next(job));
}

TEST_CASE("What a runner throws decides whether the job is tried again") {
  Scene scene;
  Doing runner([](JobRun& run) {
    const auto what = text(run.parameters());
    if (what == "unavailable") throw Error(Code::unavailable, "nobody answers");
    if (what == "io") throw Error(Code::io, "the disk");
    if (what == "no_space") throw Error(Code::no_space, "full");
    if (what == "cancelled") throw Error(Code::cancelled, "by nobody");
    if (what == "invalid") throw Error(Code::invalid, "no such study");
    throw std::runtime_error("a defect");
  });
  scene.remote->add_runner("send", runner);
  scene.queue.serve();
  for (const auto* what : {"unavailable", "io", "no_space"}) {
    const auto job = scene.attempted(scene.remote->add(request("send", what))).job;
    CHECK(job.state == Job::State::waiting);
    CHECK(job.next_attempt_us > scene.clock.now_us);
  }
  for (const auto* what : {"cancelled", "invalid", "defect"})
    CHECK(scene.attempted(scene.remote->add(request("send", what))).job.state == Job::State::failed);
  CHECK(scene.queue.views().front().job.message == "a defect");
}

TEST_CASE("An exception of no known type is a failed job and no crash") {
  Scene scene;
  Doing runner([](JobRun&) { throw 1; });
  scene.queue.add_runner("send", runner);
  scene.queue.serve();
  CHECK(scene.ended(scene.queue.add(request("send"))).job.state == Job::State::failed);
}

TEST_CASE("A running job that is cancelled is told, and has not been done") {
  Scene scene;
  Doing runner([](JobRun& run) {
    while (!run.cancelled()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  });
  scene.remote->add_runner("send", runner);
  scene.queue.serve();
  const auto id = scene.remote->add(request("send"));
  scene.until(id, [](const JobView& view) { return view.job.state == Job::State::running; });
  scene.remote->cancel(id);
  CHECK(scene.ended(id).job.state == Job::State::cancelled);
}

TEST_CASE("When the archive ends, runs are told, and their jobs wait for the next start") {
  Scene scene;
  std::atomic<bool> started{false};
  Doing runner([&](JobRun& run) {
    started = true;
    while (!run.cancelled()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    run.save(bytes("so far"));
    if (text(run.parameters()) == "throws") throw Error(Code::unavailable, "the association was aborted");
  });
  scene.remote->add_runner("send", runner);
  const auto first = scene.remote->add(request("send", "returns"));
  const auto second = scene.remote->add(request("send", "throws"));
  scene.queue.serve();
  for (const auto id : {first, second})
    scene.until(id, [](const JobView& view) { return view.job.state == Job::State::running; });
  scene.queue.drain(std::chrono::seconds(5));
  for (const auto id : {first, second}) {
    const auto job = scene.queue.view(id).job;
    CHECK(job.state == Job::State::waiting);
    CHECK(job.attempts == 0);
    CHECK(job.next_attempt_us == 0);
  }
}

TEST_CASE("A run that ends without having heard of the archive's end is done") {
  Scene scene;
  Doing runner([&](JobRun&) { std::this_thread::sleep_for(std::chrono::milliseconds(50)); });
  scene.remote->add_runner("send", runner);
  scene.queue.serve();
  const auto id = scene.remote->add(request("send"));
  scene.until(id, [](const JobView& view) { return view.job.state == Job::State::running; });
  scene.queue.drain(std::chrono::seconds(5));
  CHECK(scene.queue.view(id).job.state == Job::State::done);
}

TEST_CASE("Many jobs from many threads are all done, each once") {
  Scene scene;
  std::atomic<int> runs{0};
  Doing runner([&](JobRun&) { ++runs; });
  scene.remote->add_runner("send", runner);
  scene.queue.serve();
  testing::in_threads(4, [&](std::size_t) {
    for (int i = 0; i < 50; ++i) scene.remote->add(request("send"));
  });
  for (const auto& view : scene.queue.views()) CHECK(scene.ended(view.job.id).job.state == Job::State::done);
  CHECK(runs == 200);
}
