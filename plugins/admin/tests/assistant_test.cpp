#include "nodes/assistant.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <sstream>

#include "fake_dimse_client.hpp"
#include "fake_entities.hpp"
#include "scene.hpp"

namespace fermata::admin {
namespace {

using testing::code_of;
using testing::with_body;
using Outcome = TcpProbe::Outcome;

constexpr uint16_t kStore = 0x0001;
constexpr uint16_t kGet = 0x0010;
constexpr uint16_t kMove = 0x0021;

struct Assisted : testing::Scene {
  Assisted() {
    assistant.add_to(routes);
    entities.nodes["CT1"] = {"CT1", "192.0.2.1", 104};
  }
  std::map<std::string, boost::json::object> run(const std::string& body = "", const std::string& language = "") {
    auto request = with_body(body);
    request.headers["accept-language"] = language;
    std::istringstream lines(call("POST", "/api/nodes/CT1/assistant", request).body);
    std::map<std::string, boost::json::object> steps;
    for (std::string line; std::getline(lines, line);) {
      auto step = boost::json::parse(line).as_object();
      steps[std::string(step.at("step").as_string())] = std::move(step);
    }
    return steps;
  }
  testing::FakeEntities entities;
  testing::FakeDimseClient client;
  Echo echo{client};
  TcpProbe probe{Outcome::open, "192.0.2.1", "192.0.2.200"};
  Assistant assistant{entities, *stores.service,    &client,
                      &echo,    {"FERMATA", 11112}, [this](const std::string&, uint16_t) { return probe; }};
};

/// A port on which somebody listens.
struct Listener {
  Listener() : fd(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(fd, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(fd, 1);
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
  }
  ~Listener() { close(); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  void close() {
    if (fd >= 0) ::close(fd);
    fd = -1;
  }
  int fd;
  uint16_t port = 0;
};

}  // namespace

TEST_CASE("a connection that works has all steps ok, but for what was not asked") {
  Assisted scene;
  const auto steps = scene.run();
  CHECK(steps.at("tcp").at("state") == "ok");
  CHECK(steps.at("echo").at("state") == "ok");
  CHECK(steps.at("query").at("state") == "ok");
  CHECK(steps.at("send").at("state") == "skipped");
  CHECK(steps.at("callback").at("state") == "skipped");
  CHECK(steps.at("callback").at("remedy") ==
        "Enter this archive on the other side, and let it call: AE title FERMATA, address 192.0.2.200, port 11112.");
  CHECK(scene.client.commands == std::vector<uint16_t>{0x0030, 0x0020});
}

TEST_CASE("a test image is sent when it is asked for") {
  Assisted scene;
  std::string patient;
  scene.client.on_request = [&](const DimseRequest& request) {
    if (request.command_field == kStore) patient = dicom::DataSetView(request.data_set).text(dicom::kPatientName);
  };
  CHECK(scene.run(R"({"send":true})").at("send").at("state") == "ok");
  CHECK(patient == "FERMATA^TEST");
}

TEST_CASE("an image that is sent comes back both ways, and nothing of it stays") {
  Assisted scene;
  std::vector<std::byte> image;
  std::string destination;
  scene.client.on_request = [&](const DimseRequest& request) {
    if (request.command_field == kStore) image.assign(request.data_set.begin(), request.data_set.end());
    if (request.command_field != kMove && request.command_field != kGet) return;
    CHECK(dicom::DataSetView(request.data_set).text(dicom::kStudyInstanceUid) ==
          dicom::DataSetView(image).text(dicom::kStudyInstanceUid));
    if (request.command_field == kMove) destination = request.move_destination;
    CHECK(archive::testing::store(*scene.stores.service, image, archive::testing::kExplicitLittle).kind ==
          StoreOutcome::Kind::stored);
  };
  const auto steps = scene.run(R"({"send":true})");
  for (const auto* step : {"send", "move", "get"}) CHECK(steps.at(step).at("state") == "ok");
  CHECK(destination == "FERMATA");
  CHECK(scene.stores.service->statistics().instances == 0);
  CHECK(scene.stores.keys().empty());
}

TEST_CASE("where the other side does not know us as a destination, the remedy says what to type in there") {
  Assisted scene;
  scene.client.on_request = [&](const DimseRequest& request) {
    scene.client.status = request.command_field == kMove ? 0xa801 : 0;
  };
  const auto move = scene.run(R"({"send":true})").at("move");
  CHECK(move.at("state") == "failed");
  CHECK(std::string(move.at("remedy").as_string()).find("AE title FERMATA, address 192.0.2.200, port 11112") !=
        std::string::npos);
}

TEST_CASE("an image that does not come although it is said to be sent is a failure") {
  Assisted scene;
  const auto steps = scene.run(R"({"send":true})");
  for (const auto* step : {"move", "get"}) {
    CHECK(steps.at(step).at("state") == "failed");
    CHECK(std::string(steps.at(step).at("detail").as_string()).find("no image has come") != std::string::npos);
  }
}

TEST_CASE("a node that is this archive itself is not asked for what it already has") {
  Assisted scene;
  scene.client.on_request = [&](const DimseRequest& request) {
    if (request.command_field == kStore)
      archive::testing::store(*scene.stores.service, request.data_set, archive::testing::kExplicitLittle);
  };
  const auto steps = scene.run(R"({"send":true})");
  CHECK(steps.at("send").at("state") == "ok");
  CHECK(steps.at("move").at("state") == "skipped");
  CHECK(scene.stores.service->statistics().instances == 0);
}

TEST_CASE("what a node may do here, and what it takes to fetch from here, is said") {
  Assisted scene;
  auto& node = scene.entities.nodes["CT1"];
  node.rights = kMayEcho | kMayStore;
  CHECK(scene.run().at("rights").at("state") == "skipped");
  node.rights = kMayEcho;
  CHECK(scene.run().at("rights").at("state") == "failed");
  node.rights = kMayEverything;
  const auto rights = scene.run().at("rights");
  CHECK(rights.at("state") == "ok");
  const std::string remedy(rights.at("remedy").as_string());
  CHECK(remedy.find("AE title FERMATA, address 192.0.2.200, port 11112") != std::string::npos);
  CHECK(remedy.find("CT1 = 192.0.2.1:104") != std::string::npos);
}

TEST_CASE("where nobody listens, the rest is left out and the remedy says what to look at") {
  Assisted scene;
  scene.probe = {Outcome::refused, "192.0.2.1", ""};
  const auto steps = scene.run(R"({"send":true})");
  CHECK(steps.at("tcp").at("state") == "failed");
  CHECK_FALSE(steps.at("tcp").at("remedy").as_string().empty());
  for (const auto* step : {"echo", "query", "send", "move", "get"}) CHECK(steps.at(step).at("state") == "skipped");
  CHECK(scene.client.commands.empty());
}

TEST_CASE("a refused association is explained in the reader's language") {
  Assisted scene;
  scene.client.refusal = "CT1 rejects the association";
  const auto echo = scene.run("", "de-DE,de;q=0.9,en;q=0.8").at("echo");
  CHECK(echo.at("state") == "failed");
  CHECK(echo.at("detail") == "CT1 rejects the association");
  CHECK(std::string(echo.at("remedy").as_string()).find("AE-Titel FERMATA") != std::string::npos);
}

TEST_CASE("a node that was refused is told where to be admitted") {
  Assisted scene;
  scene.entities.callers = {{"CT1", "192.0.2.7", "store"}};
  const auto callback = scene.run().at("callback");
  CHECK(callback.at("state") == "failed");
  CHECK(std::string(callback.at("remedy").as_string()).find("192.0.2.7") != std::string::npos);
}

TEST_CASE("there is no assistant for a node that is not there, or without dimse") {
  Assisted scene;
  CHECK(code_of([&] { scene.call("POST", "/api/nodes/NOBODY/assistant"); }) == Code::not_found);
  testing::Scene bare;
  Assistant without(scene.entities, *bare.stores.service, nullptr, nullptr, {"FERMATA", 11112}, {});
  without.add_to(bare.routes);
  CHECK(code_of([&] { bare.call("POST", "/api/nodes/CT1/assistant"); }) == Code::unsupported);
}

TEST_CASE("a port is probed, and says how it sees us") {
  using namespace std::chrono_literals;
  Listener listener;
  const auto open = probe_tcp("127.0.0.1", listener.port, 2s);
  CHECK(open.outcome == Outcome::open);
  CHECK(open.own_address == "127.0.0.1");
  listener.close();
  CHECK(probe_tcp("127.0.0.1", listener.port, 2s).outcome == Outcome::refused);
  CHECK(probe_tcp("no such host", 1, 2s).outcome == Outcome::unknown_host);
}

TEST_CASE("the language is the one that the client likes best") {
  CHECK(language_of("") == Language::english);
  CHECK(language_of("fr,en") == Language::english);
  CHECK(language_of("de") == Language::german);
  CHECK(language_of("en;q=0.5, DE-at;q=0.7") == Language::german);
  CHECK(language_of("de;q=0, en;q=0.1") == Language::english);
  CHECK(language_of(";;q=x, */") == Language::english);
}

}  // namespace fermata::admin
