#include "administration.hpp"

#include <catch2/catch.hpp>
#include <thread>

#include "../../archive/tests/archive_fixture.hpp"
#include "fake_dimse_client.hpp"
#include "fake_entities.hpp"
#include "fake_host.hpp"
#include "fermata/testing/http_routes_conformance.hpp"
#include "scene.hpp"

namespace fermata::admin {
namespace {

using fermata::testing::RegisteredRoutes;

/// The whole plugin without its host.
struct Whole {
  Whole() {
    auto router = std::make_unique<RegisteredRoutes>();
    routes = router.get();
    services.router = std::move(router);
    services.archive = std::move(stores.service);
    services.state = std::make_unique<fermata::testing::MemoryStateStore>();
    services.entities = std::make_unique<testing::FakeEntities>();
    services.host = std::make_unique<testing::FakeHost>();
    services.dimse = std::make_unique<testing::FakeDimseClient>();
    administration = std::make_unique<Administration>(services, Options{}, Journal{});
    administration->serve();
  }
  archive::testing::Fixture stores;
  RegisteredRoutes* routes;
  Services services;
  std::unique_ptr<Administration> administration;
};

}  // namespace

TEST_CASE("the routes get on with whatever a client sends") {
  for (const auto& check : fermata::testing::kHttpRoutesChecks) DYNAMIC_SECTION(check.name) {
      Whole whole;
      check.run(*whole.routes);
    }
}

TEST_CASE("every route is described") {
  Whole whole;
  for (const auto& route : whole.routes->list()) {
    INFO(route.method << ' ' << route.path);
    const auto operation = boost::json::parse(route.operation).as_object();
    CHECK(operation.contains("summary"));
    CHECK(operation.contains("responses"));
  }
}

TEST_CASE("only what anybody may see is public") {
  Whole whole;
  std::set<std::string> open;
  for (const auto& route : whole.routes->list())
    if (route.permission.empty()) open.insert(route.path);
  CHECK(open == std::set<std::string>{"/", "/{path...}"});
}

TEST_CASE("it can be stopped twice") {
  Whole whole;
  whole.administration->stop();
  whole.administration->stop();
}

}  // namespace fermata::admin
