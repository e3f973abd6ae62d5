#include "worklist_routes.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "../../dicomweb/tests/recorded_router.hpp"
#include "fermata/testing/memory_state_store.hpp"
#include "fermata/testing/threads_and_errors.hpp"
#include "samples.hpp"

using namespace fermata;
using namespace fermata::worklist;
using namespace fermata::worklist::testing;
using fermata::testing::code_of;
using fermata::testing::GivenRequest;

namespace {

namespace json = boost::json;

struct Trail final : AuditTrail {
  void record(const AuditEvent& event) override {
    notes.push_back(std::string(event.action) + ": " + std::string(event.detail) + " by " + std::string(event.user));
  }
  std::vector<std::string> notes;
};

struct Scene {
  Scene() {
    worklist.load();
    routes.add_to(router);
  }
  void put(const std::string& id, const Sample& sample) { worklist.put(id, "file " + id + ".yaml", sample.bytes()); }
  json::object call(const std::string& method, const std::string& url, const std::string& body = {},
                    GivenRequest request = {}) const {
    request.body = body;
    request.user_given = "jane";
    const auto answer = router.call(method, url, request);
    return answer.body.empty() ? json::object{} : json::parse(answer.body).as_object();
  }
  std::vector<std::string> listed(const std::string& query, const GivenRequest& request = {}) const {
    std::vector<std::string> found;
    const auto page = call("GET", "/api/worklist" + query, {}, request);
    for (const auto& item : page.at("items").as_array()) found.emplace_back(item.at("id").as_string());
    return found;
  }

  fermata::testing::MemoryStateStore store;
  Journal journal;
  StoredWorklist worklist{store, journal};
  Trail trail;
  WorklistRoutes routes{worklist, &trail, "/srv/worklist"};
  dicomweb::testing::RecordedRouter router;
};

constexpr const char* kScheduled =
    R"({"PatientName":"Müller^Eva=山田","PatientID":"12","Modality":"MR","ScheduledStationAETitle":"MR1",)"
    R"("ScheduledProcedureStepStartDate":"2024-02-01","ScheduledProcedureStepStartTime":"08:15",)"
    R"("ScheduledProcedureStepDescription":"Knee left"})";

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("what is scheduled is found by words, days, modality, station and status, page by page") {
  Scene scene;
  scene.put("b", {.patient_name = "Müller^Eva", .date = "20240202"});
  scene.put("a", {.accession_number = "B77", .station = "MR1", .modality = "MR", .date = "20240201"});
  scene.put("c", {.patient_id = "99", .date = "20240203", .status = "COMPLETED"});
  CHECK(scene.listed("") == Ids{"a", "b", "c"});
  CHECK(scene.listed("?search=mull+eva") == Ids{"b"});
  CHECK(scene.listed("?search=b77") == Ids{"a"});
  CHECK(scene.listed("?search=99") == Ids{"c"});
  CHECK(scene.listed("?date_from=20240202") == Ids{"b", "c"});
  CHECK(scene.listed("?date_from=20240202&date_to=20240202") == Ids{"b"});
  CHECK(scene.listed("?modality=MR") == Ids{"a"});
  CHECK(scene.listed("?station=CT1") == Ids{"b", "c"});
  CHECK(scene.listed("?status=COMPLETED") == Ids{"c"});
  CHECK(scene.listed("?limit=1&offset=1") == Ids{"b"});
  CHECK(scene.call("GET", "/api/worklist?limit=2").at("more") == true);
  CHECK(scene.call("GET", "/api/worklist?limit=3").at("more") == false);
  CHECK(scene.call("GET", "/api/worklist").at("folder") == "/srv/worklist");
  for (const auto* query : {"?limit=501", "?offset=x", "?date_from=tomorrow"})
    CHECK(code_of([&] { scene.listed(query); }) == Code::invalid);
}

TEST_CASE("an entry by hand is what a file may hold, and says who made it") {
  Scene scene;
  const auto added = scene.call("POST", "/api/worklist", kScheduled).at("items").as_array();
  REQUIRE(added.size() == 1);
  const auto& item = added.at(0).as_object();
  CHECK(item.at("patient_name") == "Müller^Eva");
  CHECK(item.at("patient_name_ideographic") == "山田");
  CHECK(item.at("date") == "20240201");
  CHECK(item.at("time") == "0815");
  CHECK(item.at("station") == "MR1");
  CHECK(item.at("description") == "Knee left");
  CHECK(item.at("origin") == "by jane");
  CHECK(item.at("status") == "SCHEDULED");
  CHECK(scene.listed("") == Ids{std::string(item.at("id").as_string())});
  CHECK(scene.trail.notes == Ids{"worklist.change: added by jane"});
}

TEST_CASE("of what can't be scheduled nothing is added") {
  Scene scene;
  const auto list = "[" + std::string(kScheduled) + R"(,{"PatientName":"Doe"}])";
  for (const auto& body :
       {std::string(), std::string("{}"), list, std::string(R"({"PatientWeight2":"1"})"), std::string(R"(["x"])")})
    CHECK(code_of([&] { scene.call("POST", "/api/worklist", body); }) == Code::invalid);
  CHECK(scene.listed("").empty());
  CHECK(scene.trail.notes.empty());
}

TEST_CASE("an item is cancelled, scheduled again, and removed") {
  Scene scene;
  scene.put("a", {});
  CHECK(scene.call("PUT", "/api/worklist/a/status", R"({"status":"DISCONTINUED"})").at("status") == "DISCONTINUED");
  CHECK(scene.listed("?status=DISCONTINUED") == Ids{"a"});
  scene.call("PUT", "/api/worklist/a/status", R"({"status":"SCHEDULED"})");
  CHECK(scene.listed("?status=SCHEDULED") == Ids{"a"});
  for (const auto* body : {"", "[]", R"({"status":"GONE"})", R"({"status":7})"})
    CHECK(code_of([&] { scene.call("PUT", "/api/worklist/a/status", body); }) == Code::invalid);
  scene.call("DELETE", "/api/worklist/a");
  CHECK(scene.listed("").empty());
  CHECK(code_of([&] { scene.call("DELETE", "/api/worklist/a"); }) == Code::not_found);
  CHECK(scene.trail.notes == Ids{"worklist.change: status DISCONTINUED by jane",
                                 "worklist.change: status SCHEDULED by jane", "worklist.change: removed by jane"});
}

TEST_CASE("who may see some studies only sees and changes their items") {
  Scene scene;
  scene.put("a", {.patient_id = "1", .accession_number = "1"});
  scene.put("b", {.patient_id = "2", .accession_number = "2"});
  GivenRequest restricted;
  restricted.visible_studies = {std::string(scene.worklist.item("b")->view().text(dicom::kStudyInstanceUid))};
  CHECK(scene.listed("", restricted) == Ids{"b"});
  CHECK(code_of([&] { scene.call("DELETE", "/api/worklist/a", {}, restricted); }) == Code::not_found);
  scene.call("DELETE", "/api/worklist/b", {}, restricted);
  CHECK(scene.listed("") == Ids{"a"});
}
