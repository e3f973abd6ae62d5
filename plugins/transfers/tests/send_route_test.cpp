#include "send_route.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "fake_node.hpp"
#include "fermata/testing/http_routes_conformance.hpp"
#include "fermata/testing/kept_jobs.hpp"
#include "memory_archive.hpp"

using namespace fermata;
using namespace fermata::transfers;
using namespace fermata::testing;

namespace {

class Scene {
 public:
  Scene() {
    archive.put("1", "1.1", 1);
    archive.put("2", "2.1", 1);
    route.add_to(registered);
  }
  KeptResponse post(const std::string& body, const std::set<std::string, std::less<>>& visible = {}) {
    GivenRequest request;
    request.method_given = "POST";
    request.user_given = "jane";
    request.body = body;
    request.visible_studies = visible;
    KeptResponse response;
    registered.list()[0].handler->handle(request, response);
    return response;
  }
  std::string refused(const std::string& body, Code code, const std::set<std::string, std::less<>>& visible = {}) {
    try {
      post(body, visible);
    } catch (const Error& error) {
      CHECK(error.code() == code);
      return error.what();
    }
    return "";
  }

  MemoryArchive archive;
  FakeNodes nodes;
  KeptJobs queue;
  SendRoute route{archive, nodes, queue};
  RegisteredRoutes registered;
};

}  // namespace

TEST_CASE("A request to send becomes a job of its sender") {
  Scene scene;
  const auto response = scene.post(R"({"node":"READING1","studies":["1"],"series":["2.1"]})");
  CHECK(response.code == 202);
  CHECK(boost::json::parse(response.body).at("job").to_number<int>() == 1);
  const auto& job = scene.queue.latest();
  CHECK(job.kind == "send");
  CHECK(job.title == "Send 1 study and 1 series to READING1");
  CHECK(job.user == "jane");
  const auto parameters = SendParameters::from_json(job.parameters);
  CHECK(parameters.studies == std::vector<std::string>{"1"});
  CHECK(parameters.series == std::vector<std::string>{"2.1"});
  CHECK(parameters.user == "jane");
  REQUIRE(scene.registered.list().size() == 1);
  CHECK(scene.registered.list()[0].permission == "studies.send");
  CHECK(boost::json::parse(scene.registered.list()[0].operation).is_object());
}

TEST_CASE("What can't be sent is refused at once, with a sentence") {
  Scene scene;
  CHECK(scene.refused(R"({"node":"NOBODY","studies":["1"]})", Code::not_found) ==
        "There is no node NOBODY. Add it with its host and port first.");
  CHECK(scene.refused(R"({"node":"LAPTOP","studies":["1"]})", Code::conflict).find("LAPTOP") != std::string::npos);
  CHECK(scene.refused(R"({"node":"READING1","studies":["9"]})", Code::not_found) ==
        "There is no study 9 in the archive.");
  CHECK(scene.refused(R"({"node":"READING1","series":["9"]})", Code::not_found) ==
        "There is no series 9 in the archive.");
  for (const auto* wrong : {"", "[]", R"({"node":"READING1"})", R"({"node":1,"studies":["1"]})",
                            R"({"node":"READING1","studies":"1"})", R"({"node":"READING1","studies":[]})"})
    CHECK_FALSE(scene.refused(wrong, Code::invalid).empty());
  CHECK(scene.queue.count() == 0);
}

TEST_CASE("Studies that the sender may not know of are not there") {
  Scene scene;
  CHECK_FALSE(scene.refused(R"({"node":"READING1","studies":["1","2"]})", Code::not_found, {"1"}).empty());
  CHECK_FALSE(scene.refused(R"({"node":"READING1","series":["2.1"]})", Code::not_found, {"1"}).empty());
  CHECK(scene.post(R"({"node":"READING1","series":["1.1"]})", {"1"}).code == 202);
}

TEST_CASE("The route for sending gets on with whatever a client sends") {
  for (const auto& check : kHttpRoutesChecks) {
    DYNAMIC_SECTION(check.name) {
      Scene scene;
      check.run(scene.registered);
    }
  }
}
