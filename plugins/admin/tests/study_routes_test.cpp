#include "studies/study_routes.hpp"

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

TEST_CASE("what Horos and OsiriX keep for themselves in a study is neither shown nor counted, unless asked for") {
  Studies scene;
  scene.store({});
  const Image marks{.series = "1.2.3.5002",
                    .instance = "1.2.3.5002.1",
                    .modality = "SR",
                    .series_number = "5002",
                    .series_description = "OsiriX ROI SR"};
  scene.store(marks);
  for (const auto& study : {scene.get("/api/studies/1.2.3"), scene.get("/api/studies").at("items").at(0).as_object()}) {
    CHECK(study.at("series") == 1);
    CHECK(study.at("instances") == 1);
    CHECK(study.at("hidden_series") == 1);
    CHECK(study.at("modalities") == boost::json::array{"CT"});
  }
  CHECK(scene.get("/api/studies/1.2.3").at("series_list").as_array().size() == 1);
  const auto whole = scene.get("/api/studies/1.2.3?all_series=true");
  CHECK(whole.at("series") == 2);
  CHECK(whole.at("hidden_series") == 0);
  CHECK(whole.at("series_list").at(1).at("description") == "OsiriX ROI SR");
  CHECK(scene.get("/api/studies?all_series=true").at("items").at(0).at("instances") == 2);
  CHECK(code_of([&] { scene.get("/api/studies?all_series=perhaps"); }) == Code::invalid);
}

TEST_CASE("only what is such a document is hidden, and other documents of the study stay") {
  Studies scene;
  scene.store({.series_description = "OsiriX ROI SR"});  // images, whatever somebody calls them
  scene.store({.series = "1.2.3.2", .instance = "1.2.3.2.1", .modality = "SR", .series_description = "Dose report"});
  scene.store({.series = "1.2.3.5", .instance = "1.2.3.5.1", .modality = "SR", .series_description = "OsiriX ROI SR"});
  scene.store({.study = "9", .series = "9.1", .instance = "9.1.1", .modality = "SR", .series_description = "Finding"});
  const auto page = scene.get("/api/studies");
  for (const auto& study : page.at("items").as_array()) {
    const bool mixed = study.at("study_instance_uid") == "1.2.3";
    CHECK(study.at("series") == (mixed ? 2 : 1));
    CHECK(study.at("hidden_series") == (mixed ? 1 : 0));
    CHECK(study.at("modalities") == (mixed ? boost::json::array{"CT", "SR"} : boost::json::array{"SR"}));
  }
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
