#include "system/index_routes.hpp"

#include <catch2/catch.hpp>

#include "fermata/testing/kept_jobs.hpp"
#include "scene.hpp"

namespace fermata::admin {
namespace {

using testing::code_of;
using testing::GivenRequest;

/// An index that could be made anew.
class Renewable final : public IndexRenewal {
 public:
  std::unique_ptr<NewIndex> begin() override { return nullptr; }
  std::unique_ptr<NewIndex> resume() override { return nullptr; }
  bool abandon() override { return false; }
};

class Trail final : public AuditTrail {
 public:
  void record(const AuditEvent& event) override {
    ++events;
    action = event.action;
    user = event.user;
  }
  int events = 0;
  std::string action, user;
};

struct Renewing : testing::Scene {
  explicit Renewing(bool possible = true) : of_index(possible ? &index : nullptr, &queue, AuditNotes(&trail)) {
    of_index.add_to(routes);
  }
  static GivenRequest by(std::string user) {
    GivenRequest request;
    request.user_given = std::move(user);
    return request;
  }
  Renewable index;
  fermata::testing::KeptJobs queue;
  Trail trail;
  IndexRoutes of_index;
};

}  // namespace

TEST_CASE("the index is made anew as a job of whoever asks, which is taken down") {
  Renewing scene;
  CHECK(scene.get("/api/index") == boost::json::parse(R"({"renewable":true,"job":null})"));
  const auto answer = scene.call("POST", "/api/index", Renewing::by("jane"));
  CHECK(answer.code == 202);
  CHECK(answer.body == R"({"job":1})");
  CHECK(scene.queue.latest().kind == "reindex");
  CHECK(scene.queue.latest().user == "jane");
  CHECK(scene.trail.action == audit::kMaintained);
  CHECK(scene.trail.user == "jane");
  CHECK(scene.get("/api/index").at("job") == 1);
}

TEST_CASE("an index is not made twice at the same time, but again when the last one has ended") {
  Renewing scene;
  scene.call("POST", "/api/index");
  for (const auto state : {Job::State::waiting, Job::State::running}) {
    scene.queue.is_now(scene.queue.latest().id, state);
    CHECK(code_of([&] { scene.call("POST", "/api/index"); }) == Code::conflict);
  }
  CHECK(scene.trail.events == 1);
  for (const auto state : {Job::State::done, Job::State::failed, Job::State::cancelled}) {
    scene.queue.is_now(scene.queue.latest().id, state);
    CHECK(scene.call("POST", "/api/index").code == 202);
  }
}

TEST_CASE("an archive whose index can't be made anew while it runs says what to do") {
  Renewing scene(false);
  CHECK_FALSE(scene.get("/api/index").at("renewable").as_bool());
  CHECK_THROWS_WITH(scene.call("POST", "/api/index"), Catch::Contains("fermata reindex"));
  CHECK(scene.trail.events == 0);
}

}  // namespace fermata::admin
