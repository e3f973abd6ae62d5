#include "system/system_routes.hpp"

#include <catch2/catch.hpp>

#include "extensions.hpp"
#include "fake_entities.hpp"
#include "fake_host.hpp"
#include "fermata/testing/registered_routes.hpp"
#include "scene.hpp"

namespace fermata::admin {
namespace {

using testing::code_of;
using testing::GivenRequest;
using testing::KeptResponse;

struct System : testing::Scene {
  System() { system.add_to(routes); }
  KeptResponse ask(const std::string& path, GivenRequest request = {}) {
    for (const auto& route : added.list())
      if (route.path == path) {
        KeptResponse response;
        route.handler->handle(request, response);
        return response;
      }
    throw Error(Code::not_found, "no route " + path);
  }
  boost::json::object object(const std::string& path, const GivenRequest& request = {}) {
    return boost::json::parse(ask(path, request).body).as_object();
  }

  fermata::testing::RegisteredRoutes added;
  api::Routes routes{added};
  testing::FakeHost host;
  testing::FakeEntities entities;
  DescriptionStore descriptions{stores.state};
  StatisticsKeeper keeper{*stores.service, stores.state, descriptions, Journal{}, [] { return int64_t{0}; }};
  StorageReport storage{*stores.service, keeper, [] { return int64_t{0}; }};
  HealthReport health{host, storage, nullptr, host.journal()};
  SystemRoutes system{{host, added, entities, nullptr, nullptr}, keeper, storage, health};
};

}  // namespace

TEST_CASE("the state has what its reader may know") {
  System scene;
  scene.entities.callers = {{"X", "192.0.2.1", ""}};
  const auto all = scene.object("/api/state");
  CHECK(all.at("version") == "9.9");
  CHECK(all.at("knocking") == 1);
  CHECK(all.at("changes") == 0);
  CHECK(all.at("degraded") == true);
  CHECK_FALSE(all.contains("jobs_running"));
  CHECK_FALSE(all.contains("trash"));
  GivenRequest auditor;
  auditor.user_given = "eve";
  auditor.forbidden = {"studies.read", "nodes.read", "system.read"};
  const auto little = scene.object("/api/state", auditor);
  CHECK(little.size() == 2);
  CHECK(little.contains("version"));
  CHECK(little.at("parts").as_array().empty());
}

TEST_CASE("health lists plugins, and warns of what is left out with a remedy") {
  System scene;
  const auto health = scene.object("/api/health");
  CHECK(health.at("started") == "1970-01-01T00:00:02Z");
  CHECK(health.at("plugins").at(1).at("state") == "left_out");
  const auto& warning = health.at("warnings").at(0);
  CHECK(warning.at("failing") == true);
  CHECK(warning.at("since") == "1970-01-01T00:00:02Z");
  CHECK(warning.at("text") == "The program runs without viewer-ohif: its files are missing");
  CHECK_FALSE(warning.at("remedy").as_string().empty());
  CHECK(health.at("warnings").as_array().size() == 1);
  scene.host.failed_writes = 3;
  CHECK(scene.object("/api/health").at("warnings").as_array().size() == 2);
}

TEST_CASE("the log goes on where the reader was, and settings may be unknown") {
  System scene;
  GivenRequest request;
  request.query_given = "after=7";
  const auto line = scene.object("/api/log", request).at("items").at(0);
  CHECK(line.at("number") == 8);
  CHECK(line.at("level") == "warning");
  CHECK(line.at("fields") == "port=1");
  request.query_given = "after=x";
  CHECK(code_of([&] { scene.ask("/api/log", request); }) == Code::invalid);
  CHECK(code_of([&] { scene.ask("/api/settings"); }) == Code::unsupported);
}

TEST_CASE("OpenAPI has every route of every plugin, with its permission") {
  System scene;
  struct Silent final : HttpHandler {
    void handle(HttpRequest&, HttpResponse&) override {}
  } other;
  scene.added.add({"POST", "/other/{path...}", "studies.store", "no JSON"}, other);
  const auto document = scene.object("/api/openapi.json");
  CHECK(document.at("openapi") == "3.1.0");
  const auto& paths = document.at("paths").as_object();
  CHECK(paths.at("/other/{path}").at("post").at("x-permission") == "studies.store");
  CHECK(paths.at("/other/{path}").at("post").as_object().contains("responses"));
  CHECK(paths.at("/api/log").at("get").at("parameters").at(0).at("name") == "after");
  for (const auto& route : scene.added.list())
    if (route.method == "GET") CHECK(paths.contains(route.path));
}

TEST_CASE("extensions are listed for those who may use them") {
  System scene;
  Extensions extensions;
  extensions.add_to(scene.routes);
  extensions.add(
      {WebExtension::Kind::study_action, "viewer", "Open", "Öffnen", "/viewer?s={study}", "studies.read", true});
  CHECK(code_of([&] {
          extensions.add({WebExtension::Kind::page, "viewer", "a", "b", "/x", "", false});
        }) == Code::conflict);
  for (const auto* url : {"", "//evil.example", "https://evil.example", "x"})
    CHECK(code_of([&] {
            extensions.add({WebExtension::Kind::page, "other", "a", "b", url, "", false});
          }) == Code::invalid);
  const auto item = scene.object("/api/extensions").at("items").at(0);
  CHECK(item.at("kind") == "study_action");
  CHECK(item.at("new_tab") == true);
  GivenRequest auditor;
  auditor.user_given = "eve";
  auditor.forbidden = {"studies.read"};
  CHECK(scene.object("/api/extensions", auditor).at("items").as_array().empty());
}

}  // namespace fermata::admin
