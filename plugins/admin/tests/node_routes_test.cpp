#include "nodes/node_routes.hpp"

#include <catch2/catch.hpp>

#include "fake_dimse_client.hpp"
#include "fake_entities.hpp"
#include "scene.hpp"

namespace fermata::admin {
namespace {

using testing::all;
using testing::code_of;
using testing::with_body;

struct OneStation final : StationDirectory {
  struct Cursor final : StationCursor {
    bool next(Station& station) override {
      if (done) return false;
      done = true;
      station = {"CT1", "192.0.2.1", "ct1.local", 104, "CT", 1};
      return true;
    }
    bool done = false;
  };
  std::unique_ptr<StationCursor> list() override { return std::make_unique<Cursor>(); }
  std::string_view problem() override { return "no Avahi"; }
};

struct Nodes : testing::Scene {
  Nodes() { nodes.add_to(routes); }
  testing::FakeEntities entities;
  testing::FakeDimseClient client;
  Echo echo{client};
  OneStation stations;
  NodeRoutes nodes{entities, &echo, &stations, AuditNotes(nullptr)};
};

}  // namespace

TEST_CASE("a node is put, listed and removed") {
  Nodes scene;
  const auto put =
      scene.json("PUT", "/api/nodes/CT1",
                 with_body(R"({"host":"192.0.2.1","rights":["echo","store"],"description":"Ground floor"})"));
  CHECK(put.at("port") == 104);
  CHECK(put.at("rights") == boost::json::array{"echo", "store"});
  const auto node = scene.get("/api/nodes").at("items").at(0);
  CHECK(node.at("ae_title") == "CT1");
  CHECK(node.at("description") == "Ground floor");
  CHECK(node.at("last_seen").is_null());
  CHECK(node.at("last_echo").is_null());
  CHECK(scene.call("DELETE", "/api/nodes/CT1").code == 204);
  CHECK(scene.get("/api/nodes").at("items").as_array().empty());
}

TEST_CASE("a node that can't be is refused with what is wrong about it") {
  Nodes scene;
  for (const auto* body : {R"({"host":1})", R"({"port":0})", R"({"port":"104"})", R"({"rights":["fly"]})", "nonsense"})
    CHECK(code_of([&] { scene.call("PUT", "/api/nodes/CT1", with_body(body)); }) == Code::invalid);
  CHECK(code_of([&] { scene.call("PUT", "/api/nodes/FIXED", with_body(R"({"host":"h"})")); }) == Code::conflict);
  CHECK(code_of([&] { scene.call("DELETE", "/api/nodes/NOBODY"); }) == Code::not_found);
}

TEST_CASE("an echo is answered with its result, and remembered") {
  Nodes scene;
  scene.call("PUT", "/api/nodes/CT1", with_body(R"({"host":"192.0.2.1"})"));
  CHECK(scene.json("POST", "/api/nodes/CT1/echo").at("ok") == true);
  CHECK(scene.client.commands == std::vector<uint16_t>{0x0030});
  scene.client.refusal = "nobody answers at 192.0.2.1:104";
  const auto failed = scene.json("POST", "/api/nodes/CT1/echo");
  CHECK(failed.at("ok") == false);
  CHECK(failed.at("message") == "nobody answers at 192.0.2.1:104");
  CHECK(scene.get("/api/nodes").at("items").at(0).at("last_echo").at("ok") == false);
  CHECK(code_of([&] { scene.call("POST", "/api/nodes/NOBODY/echo"); }) == Code::not_found);
}

TEST_CASE("a status that is no success fails an echo") {
  Nodes scene;
  scene.call("PUT", "/api/nodes/CT1", with_body(R"({"host":"192.0.2.1"})"));
  scene.client.status = 0x0122;
  CHECK(scene.json("POST", "/api/nodes/CT1/echo").at("message") == "it answers with status 0122");
}

TEST_CASE("somebody who was refused is admitted with what it wanted") {
  Nodes scene;
  scene.entities.callers = {{"HOROS", "192.0.2.9", "query; retrieve"}, {"CT1", "192.0.2.1", "store CT Image Storage"}};
  CHECK(all(scene.get("/api/knocking"), "ae_title") == std::vector<std::string>{"HOROS", "CT1"});
  const auto answer =
      scene.call("POST", "/api/knocking/admit", with_body(R"({"ae_title":"HOROS","address":"192.0.2.9"})"));
  CHECK(answer.code == 201);
  const auto node = boost::json::parse(answer.body);
  CHECK(node.at("host") == "192.0.2.9");
  CHECK(node.at("port") == 11112);
  CHECK(node.at("rights") == boost::json::array{"echo", "query", "retrieve"});
  CHECK(all(scene.get("/api/knocking"), "ae_title") == std::vector<std::string>{"CT1"});
}

TEST_CASE("port and rights may be given, and a node that has moved keeps what else is known of it") {
  Nodes scene;
  scene.call("PUT", "/api/nodes/CT1",
             with_body(R"({"host":"192.0.2.7","port":4242,"rights":["query"],"description":"CT"})"));
  scene.entities.callers = {{"CT1", "192.0.2.1", "store CT Image Storage"}};
  const auto moved =
      scene.json("POST", "/api/knocking/admit", with_body(R"({"ae_title":"CT1","address":"192.0.2.1"})"));
  CHECK(moved.at("host") == "192.0.2.1");
  CHECK(moved.at("port") == 4242);
  CHECK(moved.at("description") == "CT");
  CHECK(moved.at("rights") == boost::json::array{"echo", "store", "query"});
  scene.entities.callers = {{"X", "192.0.2.3", ""}};
  const auto given = scene.json("POST", "/api/knocking/admit",
                                with_body(R"({"ae_title":"X","address":"192.0.2.3","port":104,"rights":["echo"]})"));
  CHECK(given.at("port") == 104);
  CHECK(given.at("rights") == boost::json::array{"echo"});
}

TEST_CASE("nobody is admitted who was not refused, and callers can be forgotten") {
  Nodes scene;
  scene.entities.callers = {{"CT1", "192.0.2.1", "echo"}};
  CHECK(code_of([&] {
          scene.call("POST", "/api/knocking/admit", with_body(R"({"ae_title":"CT1","address":"192.0.2.2"})"));
        }) == Code::not_found);
  CHECK(scene.call("DELETE", "/api/knocking?ae_title=CT1&address=192.0.2.1").code == 204);
  CHECK(scene.get("/api/knocking").at("items").as_array().empty());
}

TEST_CASE("stations say whether they are nodes, and why the network can't be watched") {
  Nodes scene;
  CHECK(scene.get("/api/stations").at("items").at(0).at("known") == false);
  CHECK(scene.get("/api/stations").at("problem") == "no Avahi");
  scene.call("PUT", "/api/nodes/CT1", with_body(R"({"host":"192.0.2.1"})"));
  CHECK(scene.get("/api/stations").at("items").at(0).at("known") == true);
}

TEST_CASE("without dimse and discovery their routes say what is missing") {
  testing::Scene scene;
  testing::FakeEntities entities;
  NodeRoutes nodes(entities, nullptr, nullptr, AuditNotes(nullptr));
  nodes.add_to(scene.routes);
  CHECK(code_of([&] { scene.call("POST", "/api/nodes/CT1/echo"); }) == Code::unsupported);
  CHECK(code_of([&] { scene.call("GET", "/api/stations"); }) == Code::unsupported);
}

}  // namespace fermata::admin
