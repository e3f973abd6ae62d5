#include "send_runner.hpp"

#include <catch2/catch.hpp>

#include "fake_node.hpp"
#include "fermata/testing/threads_and_errors.hpp"
#include "memory_archive.hpp"
#include "send_parameters.hpp"
#include "send_state.hpp"

using namespace fermata;
using namespace fermata::transfers;
using fermata::testing::code_of;

namespace {

using Strings = std::vector<std::string>;

/// A job whose runs go on from what the one before saved.
class GivenRun final : public JobRun {
 public:
  uint64_t id() override { return 7; }
  std::span<const std::byte> parameters() override { return std::as_bytes(std::span(parameters_given)); }
  std::span<const std::byte> checkpoint() override { return std::as_bytes(std::span(saved)); }
  void save(std::span<const std::byte> checkpoint) override {
    saved.assign(reinterpret_cast<const char*>(checkpoint.data()), checkpoint.size());
    ++saves;
  }
  void progress(uint64_t d, uint64_t t, std::string_view m) override {
    done = d;
    total = t;
    message = m;
  }
  bool cancelled() override { return is_cancelled; }

  std::string parameters_given, saved, message;
  uint64_t done = 0, total = 0;
  int saves = 0;
  bool is_cancelled = false;
};

class KeptTrail final : public AuditTrail {
 public:
  void record(const AuditEvent& event) override {
    events.push_back(std::string(event.action) + " " + std::string(event.user) + " " + std::string(event.peer_address) +
                     " " + std::string(event.object) + " " + std::string(event.detail) +
                     (event.outcome == AuditEvent::Outcome::success ? "" : " (failed)"));
  }
  Strings events;
};

class Scene {
 public:
  explicit Scene(const Strings& studies, const Strings& series = {}) {
    run.parameters_given = SendParameters{"READING1", studies, series, "jane", "192.0.2.1"}.to_json();
  }
  Error error() {
    try {
      runner.run(run);
    } catch (const Error& thrown) {
      return thrown;
    }
    throw std::logic_error("nothing was thrown");
  }

  MemoryArchive archive;
  FakeNode node;
  FakeNodes nodes;
  KeptTrail trail;
  SendRunner runner{archive, node, nodes, &trail};
  GivenRun run;
};

}  // namespace

TEST_CASE("Studies and series are sent in their order, with progress, and the trail says so") {
  Scene scene({"1"}, {"2.2"});
  scene.archive.put("1", "1.1", 3);
  scene.archive.put("2", "2.1", 1);
  scene.archive.put("2", "2.2", 2);
  scene.runner.run(scene.run);
  CHECK(scene.node.received == Strings{"1.1.1", "1.1.2", "1.1.3", "2.2.1", "2.2.2"});
  CHECK(scene.run.done == 5);
  CHECK(scene.run.total == 5);
  CHECK(scene.run.message == "5 instances were sent to READING1");
  CHECK(scene.trail.events == Strings{"study.send jane 192.0.2.1 1 to READING1, 3 instances sent by job 7",
                                      "study.send jane 192.0.2.1 2 to READING1, 2 instances sent by job 7"});
  CHECK(scene.node.most_open == 1);
}

TEST_CASE("After the association is lost, sending goes on from where it was") {
  Scene scene({"1"});
  scene.archive.put("1", "1.1", 10);
  scene.node.before_each = [&] { scene.node.away = scene.node.received.size() == 4; };
  CHECK(scene.error().code() == Code::unavailable);
  CHECK(scene.run.saves == 1);
  scene.node.before_each = {};
  CHECK(scene.error().code() == Code::unavailable);  // still away
  scene.node.away = false;
  scene.runner.run(scene.run);
  CHECK(scene.node.received.size() == 10);
  CHECK(scene.node.received.back() == "1.1.10");
  CHECK(scene.run.done == 10);
}

TEST_CASE("Where the instance at which it stood is gone, its study is sent again") {
  Scene scene({"1"});
  scene.archive.put("1", "1.1", 3);
  scene.node.before_each = [&] { scene.node.away = scene.node.received.size() == 2; };
  CHECK(scene.error().code() == Code::unavailable);
  scene.archive.take_away("1", "1.1.2");
  scene.node.before_each = {};
  scene.node.away = false;
  scene.runner.run(scene.run);
  CHECK(scene.node.received == Strings{"1.1.1", "1.1.2", "1.1.1", "1.1.3"});
}

TEST_CASE("What the node does not take is listed, the rest is sent, and a further attempt sends only that") {
  Scene scene({"1"});
  scene.archive.put("1", "1.1", 5);
  scene.node.statuses = {{"1.1.2", 0xc000}, {"1.1.3", 0xb007}};
  scene.node.errors = {{"1.1.4", Code::unsupported}};
  const auto error = scene.error();
  CHECK(error.code() == Code::refused);
  CHECK(
      std::string(error.what()) ==
      "2 of 5 instances were not taken by READING1, for these reasons: as told (1); status 0xC000 (1). The first ones: "
      "1.1.2, 1.1.4. All others were sent.");
  CHECK(scene.node.received == Strings{"1.1.1", "1.1.3", "1.1.5"});
  CHECK(scene.trail.events.back().find("3 instances sent, 2 not taken") != std::string::npos);

  scene.node.statuses.clear();
  scene.node.errors.clear();
  scene.node.received.clear();
  scene.runner.run(scene.run);
  CHECK(scene.node.received == Strings{"1.1.2", "1.1.4"});
}

TEST_CASE("A node that is out of resources is tried again later, with the same instance") {
  Scene scene({"1"});
  scene.archive.put("1", "1.1", 3);
  scene.node.statuses = {{"1.1.2", 0xa702}};
  const auto error = scene.error();
  CHECK(error.code() == Code::unavailable);
  CHECK(std::string(error.what()).find("out of resources (status 0xA702)") != std::string::npos);
  scene.node.statuses.clear();
  scene.runner.run(scene.run);
  CHECK(scene.node.received == Strings{"1.1.1", "1.1.2", "1.1.3"});
}

TEST_CASE("An instance that was removed meanwhile is no failure") {
  Scene scene({"1"});
  scene.archive.put("1", "1.1", 3);
  scene.node.errors = {{"1.1.2", Code::not_found}};
  scene.runner.run(scene.run);
  CHECK(scene.node.received == Strings{"1.1.1", "1.1.3"});
}

TEST_CASE("A run that is cancelled saves where it is") {
  Scene scene({"1"});
  scene.archive.put("1", "1.1", 5);
  scene.node.before_each = [&] { scene.run.is_cancelled = true; };
  scene.runner.run(scene.run);
  CHECK(scene.node.received.size() == 1);
  CHECK(SendState::from_json(scene.run.checkpoint()).after == "1.1.1");
}

TEST_CASE("At the end of the program what is on its way is cut off") {
  Scene scene({"1"});
  scene.archive.put("1", "1.1", 5);
  scene.node.before_each = [&] {
    if (scene.node.received.size() == 2) scene.runner.abort_all();
  };
  CHECK(scene.error().code() == Code::unavailable);
  CHECK(scene.node.received.size() == 2);
}

TEST_CASE("Long jobs are saved now and then") {
  Scene scene({"1"});
  scene.archive.put("1", "1.1", 450);
  scene.runner.run(scene.run);
  CHECK(scene.run.saves == 2);
  CHECK(SendState::from_json(scene.run.checkpoint()).done == 400);
}

TEST_CASE("SOP classes that do not fit into one association are sent on several, one at a time") {
  Scene scene({"1"});
  for (int i = 0; i < 100; ++i)
    scene.archive.put("1", "1." + std::to_string(100 + i), 1, "1.9." + std::to_string(i), kJpegLossless);
  scene.runner.run(scene.run);
  CHECK(scene.node.received.size() == 100);
  CHECK(scene.node.proposals.size() >= 2);
  CHECK(scene.node.most_open == 1);
}

TEST_CASE("A job for what is gone, or for a node that is gone, has failed") {
  Scene scene({"1"});
  CHECK(scene.error().code() == Code::not_found);
  scene.archive.put("1", "1.1", 1);
  scene.run.parameters_given = SendParameters{"GONE", {"1"}, {}, "", ""}.to_json();
  CHECK(scene.error().code() == Code::not_found);
  scene.run.parameters_given = "rubbish";
  CHECK(scene.error().code() == Code::invalid);
}
