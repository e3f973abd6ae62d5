#include "audit_routes.hpp"

#include <algorithm>

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "csv.hpp"
#include "fermata/testing/http_routes_conformance.hpp"
#include "fermata/testing/memory_state_store.hpp"
#include "samples.hpp"

using namespace fermata;
using namespace fermata::audit_trail;
using namespace fermata::testing;
namespace json = boost::json;

namespace {

class Scene {
 public:
  Scene() {
    log.open();
    routes_.add_to(registered);
  }
  KeptResponse get(const std::string& path, const std::string& query) {
    GivenRequest request;
    request.query_given = query;
    request.user_given = "auditor";
    KeptResponse response;
    for (const auto& route : registered.list())
      if (route.path == path) route.handler->handle(request, response);
    return response;
  }
  json::object page(const std::string& query) { return json::parse(get("/api/audit", query).body).as_object(); }

  MemoryStateStore store;
  EventLog log{store, {}};
  DurableTrail trail{log, [] { return kNow + 100'000 * kSecond; }, {}};
  RegisteredRoutes registered;

 private:
  AuditRoutes routes_{trail, TrailReader(trail, log)};
};

}  // namespace

TEST_CASE("Events come page by page, latest first") {
  Scene scene;
  append_all(scene.log, events(250));
  auto page = scene.page("limit=100&action=study");
  REQUIRE(page.at("items").as_array().size() == 100);
  CHECK(page.at("more").as_bool());
  const auto& first = page.at("items").as_array()[0].as_object();
  CHECK(first.at("id").to_number<int>() == 250);
  CHECK(first.at("time") == "2027-01-15T08:04:09Z");
  CHECK(first.at("action") == "study.read");
  CHECK(first.at("outcome") == "success");
  CHECK(first.at("user") == "jane");
  CHECK(first.at("address") == "192.0.2.1");
  CHECK(first.at("object") == "249");
  CHECK(first.at("patient_id") == "");
  CHECK(first.at("detail") == "");
  page = scene.page("limit=100&before=51");
  CHECK(page.at("items").as_array().size() == 50);
  CHECK_FALSE(page.at("more").as_bool());
}

TEST_CASE("Who reads the trail stands in it") {
  Scene scene;
  scene.page("");
  const auto page = scene.page("action=audit");
  REQUIRE(page.at("items").as_array().size() == 1);
  CHECK(page.at("items").as_array()[0].at("user") == "auditor");
}

TEST_CASE("The trail as CSV is streamed") {
  Scene scene;
  append_all(scene.log, events(5000));
  const auto response = scene.get("/api/audit.csv", "action=study");
  CHECK(response.headers.at("content-type") == "text/csv; charset=utf-8");
  CHECK(response.body.starts_with(std::string(kCsvHead) + "5000,"));
  CHECK(std::count(response.body.begin(), response.body.end(), '\n') == 5001);
  CHECK(response.largest_write < 100'000);
}

TEST_CASE("The routes of the audit trail are for auditors, and described") {
  Scene scene;
  for (const auto& route : scene.registered.list()) {
    CHECK(route.permission == "audit.read");
    CHECK(json::parse(route.operation).is_object());
  }
}

TEST_CASE("The routes of the audit trail get on with whatever a client sends") {
  for (const auto& check : kHttpRoutesChecks) {
    DYNAMIC_SECTION(check.name) {
      Scene scene;
      append_all(scene.log, events(10));
      check.run(scene.registered);
    }
  }
}
