#include "job_routes.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "fermata/testing/http_routes_conformance.hpp"
#include "fermata/testing/memory_state_store.hpp"
#include "given_clock.hpp"

using namespace fermata;
using namespace fermata::jobs;
using namespace fermata::testing;
namespace json = boost::json;

namespace {

class Scene {
 public:
  Scene() { routes_.add_to(registered); }

  KeptResponse call(const std::string& method, const std::string& path, uint64_t id = 0, const std::string& user = "",
                    bool may_manage = true) {
    GivenRequest request;
    request.method_given = method;
    request.user_given = user;
    request.parameters["id"] = std::to_string(id);
    if (!may_manage) request.forbidden = {"jobs.manage"};
    for (const auto& route : registered.list())
      if (route.method == method && route.path == path) {
        KeptResponse response;
        route.handler->handle(request, response);
        return response;
      }
    throw Error(Code::invalid, "no such route");
  }

  MemoryStateStore store;
  GivenClock clock;
  JobTable table{store, {3, 1'000'000'000'000, 100}, clock.clock(), {}};
  DurableQueue queue{table, 1, {}};
  RegisteredRoutes registered;

 private:
  JobRoutes routes_{queue};
};

constexpr const char* kCancel = "/api/jobs/{id}/cancel";
constexpr const char* kJob = "/api/jobs/{id}";
constexpr const char* kRetry = "/api/jobs/{id}/retry";

}  // namespace

TEST_CASE("Jobs are listed, latest first, with all that a page shows") {
  Scene scene;
  scene.queue.add(request("send"));
  const auto second = scene.queue.add({"send", "Send \"2\" studies", {}, "jane"});
  const auto response = scene.call("GET", "/api/jobs");
  CHECK(response.headers.at("content-type") == "application/json");
  const auto items = json::parse(response.body).at("items").as_array();
  REQUIRE(items.size() == 2);
  const auto& item = items[0].as_object();
  CHECK(item.at("id").to_number<uint64_t>() == second);
  CHECK(item.at("kind") == "send");
  CHECK(item.at("title") == "Send \"2\" studies");
  CHECK(item.at("user") == "jane");
  CHECK(item.at("state") == "waiting");
  CHECK(item.at("rate").is_null());
  CHECK(item.at("created") == "1970-01-12T13:46:40Z");
  CHECK(item.at("next_attempt").is_null());
}

TEST_CASE("The routes have the permissions of the interface, and a description in JSON") {
  Scene scene;
  for (const auto& route : scene.registered.list()) {
    CHECK(route.permission == "jobs.read");
    CHECK(json::parse(route.operation).is_object());
  }
}

TEST_CASE("Who added a job may cancel it, try it again and forget it; that of somebody else takes jobs.manage") {
  Scene scene;
  const auto mine = scene.queue.add(request("send"));
  const auto of_nobody = scene.queue.add(request("send", "p", ""));
  CHECK(code_of([&] { scene.call("POST", kCancel, mine, "joe", false); }) == Code::refused);
  CHECK(code_of([&] { scene.call("POST", kCancel, of_nobody, "", false); }) == Code::refused);
  const auto response = scene.call("POST", kCancel, mine, "jane", false);
  CHECK(json::parse(response.body).at("state") == "cancelled");
  CHECK(code_of([&] { scene.call("POST", kRetry, mine, "joe", false); }) == Code::refused);
  CHECK(json::parse(scene.call("POST", kRetry, mine, "jane", false).body).at("state") == "waiting");
  scene.call("POST", kCancel, mine, "jane", false);
  CHECK(code_of([&] { scene.call("DELETE", kJob, mine, "joe", false); }) == Code::refused);
  CHECK(scene.call("DELETE", kJob, mine, "jane", false).code == 204);
  scene.call("POST", kCancel, of_nobody, "root", true);
  CHECK(scene.queue.view(of_nobody).job.state == Job::State::cancelled);
}

TEST_CASE("A job that ended is tried again, and taken off the list") {
  Scene scene;
  const auto id = scene.queue.add(request("send"));
  scene.queue.cancel(id);
  CHECK(json::parse(scene.call("POST", kRetry, id).body).at("state") == "waiting");
  CHECK(code_of([&] { scene.call("DELETE", kJob, id); }) == Code::conflict);
  scene.queue.cancel(id);
  CHECK(scene.call("DELETE", kJob, id).code == 204);
  CHECK(code_of([&] { scene.call("DELETE", kJob, id); }) == Code::not_found);
}

TEST_CASE("The routes of jobs get on with whatever a client sends") {
  for (const auto& check : kHttpRoutesChecks) {
    DYNAMIC_SECTION(check.name) {
      Scene scene;
      scene.queue.add(request("send"));
      check.run(scene.registered);
    }
  }
}
