#include "study_routes.hpp"

#include <catch2/catch.hpp>

#include "scene.hpp"

namespace fermata::admin {
namespace {

using testing::all;
using testing::code_of;
using testing::GivenRequest;
using testing::Image;
using testing::with_body;

struct KeptAudit final : AuditTrail {
  void record(const AuditEvent& event) override {
    events.push_back(std::string(event.action) + " " + std::string(event.object) + " of " +
                     std::string(event.patient_id) + ": " + std::string(event.detail));
  }
  std::vector<std::string> events;
};

struct Studies : testing::Scene {
  Studies() { studies.add_to(routes); }
  KeptAudit audit;
  LabelStore labels{stores.state};
  DescriptionStore descriptions{stores.state};
  NoteStore notes{stores.state};
  StudyRoutes studies{*stores.service, labels, notes, descriptions, AuditNotes(&audit)};
};

GivenRequest who_sees(const std::string& study) {
  GivenRequest request;
  request.visible_studies = {study};
  return request;
}

}  // namespace

TEST_CASE("a study is given with its series") {
  Studies scene;
  scene.store({.accession_number = "A1", .description = "Thorax", .patient_name = "Yamada^Tarou=山田^太郎"});
  scene.store({.series = "1.2.3.9", .instance = "1.2.3.9.1", .modality = "SR", .series_number = "2"});
  const auto study = scene.get("/api/studies/1.2.3");
  CHECK(study.at("patient_name") == "Yamada^Tarou");
  CHECK(study.at("patient_name_ideographic") == "山田^太郎");
  CHECK(study.at("description") == "Thorax");
  CHECK(study.at("series") == 2);
  CHECK(study.at("instances") == 2);
  CHECK(study.at("modalities") == boost::json::array{"CT", "SR"});
  const auto& series = study.at("series_list").as_array();
  REQUIRE(series.size() == 2);
  CHECK(series[0].at("series_instance_uid") == "1.2.3.4");
  CHECK(series[0].at("number") == 1);
  CHECK(series[0].at("instances") == 1);
  CHECK(series[0].at("has_pixels") == true);
  CHECK(series[0].at("sop_class_uid") == "1.2.840.10008.5.1.4.1.1.7");
}

TEST_CASE("a study that is not there, or not for the sender, is not found") {
  Studies scene;
  scene.store({});
  CHECK(scene.get("/api/studies/1.2.3", who_sees("1.2.3")).at("patient_id") == "4711");
  for (const auto* uid : {"9.9", "*", "1.2.?", ""})
    CHECK(code_of([&] { scene.get(std::string("/api/studies/") + uid); }) == Code::not_found);
  CHECK(code_of([&] { scene.get("/api/studies/1.2.3", who_sees("1")); }) == Code::not_found);
  CHECK(scene.get("/api/studies", who_sees("1")).at("items").as_array().empty());
}

TEST_CASE("labels are put on a study, listed, and taken down for the audit trail") {
  Studies scene;
  scene.store({});
  const auto answer = scene.json("PUT", "/api/studies/1.2.3/labels", with_body(R"({"labels":["rare","teaching"]})"));
  CHECK(answer.at("labels").as_array().size() == 2);
  CHECK(scene.get("/api/studies/1.2.3").at("labels").as_array().size() == 2);
  CHECK(all(scene.get("/api/labels"), "label") == std::vector<std::string>{"rare", "teaching"});
  CHECK(scene.get("/api/labels", who_sees("1")).at("items").as_array().empty());
  CHECK(scene.audit.events == std::vector<std::string>{"study.change 1.2.3 of 4711: labels: rare teaching"});
}

TEST_CASE("labels that are none are refused") {
  Studies scene;
  scene.store({});
  for (const auto* body : {"", "[]", "{", R"({"labels":"x"})", R"({"labels":[1]})"})
    CHECK(code_of([&] { scene.call("PUT", "/api/studies/1.2.3/labels", with_body(body)); }) == Code::invalid);
  CHECK(code_of([&] { scene.call("PUT", "/api/studies/9/labels", with_body(R"({"labels":["x"]})")); }) ==
        Code::not_found);
}

}  // namespace fermata::admin
