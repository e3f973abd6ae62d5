#include "rules_hook.hpp"

#include <catch2/catch.hpp>

#include "fermata/testing/given_config.hpp"
#include "fermata/testing/given_object.hpp"
#include "fermata/testing/ingest_hook_conformance.hpp"
#include "fermata/testing/sample_instance.hpp"
#include "label.hpp"
#include "settings.hpp"

using namespace fermata;
using namespace fermata::ingest_rules;
using testing::GivenObject;
using testing::SampleInstance;
namespace a = testing::attribute;

namespace {

constexpr dicom::Tag kInstitution{0x0008, 0x0080};
constexpr dicom::Tag kLabelBlock{0x0013, 0x0010};
constexpr dicom::Tag kLabel{0x0013, 0x1001};

StoreRequest from(std::string_view calling, std::string_view address = "192.0.2.7",
                  std::string_view protocol = "dimse") {
  StoreRequest request;
  request.calling_ae_title = calling;
  request.called_ae_title = "FERMATA";
  request.peer_address = address;
  request.protocol = protocol;
  return request;
}

SampleInstance ct() { return {"1", "1.1", "1.1.1"}; }

GivenObject passed(const std::string& rules, const SampleInstance& instance,
                   const StoreRequest& request = from("CT1")) {
  const testing::GivenConfig config(R"({"rules": [)" + rules + "]}");
  GivenObject object(instance.record().header, request);
  RulesHook(rules_from(config.config()), {}).before_store(object);
  return object;
}

/// Whether a rule with these conditions fits.
bool fits(const std::string& conditions, const SampleInstance& instance, const StoreRequest& request = from("CT1")) {
  return passed(R"({"name": "r", )" + conditions + R"(, "then": {"refuse": "it fits"}})", instance, request)
      .refusal()
      .has_value();
}

std::string edited(const std::string& then, SampleInstance instance, dicom::Tag tag) {
  return passed(R"({"name": "r", "then": )" + then + "}", instance).text(tag);
}

}  // namespace

TEST_CASE("a rule without conditions fits everything") { CHECK(fits(R"("when": {})", ct())); }

TEST_CASE("who sends decides") {
  CHECK(fits(R"("when": {"calling_ae_title": ["MR1", "CT*"]})", ct()));
  CHECK_FALSE(fits(R"("when": {"calling_ae_title": ["MR1", "CT?"]})", ct(), from("CT12")));
  CHECK(fits(R"("when": {"called_ae_title": ["FERMATA"]})", ct()));
  CHECK(fits(R"("when": {"from_network": ["192.0.2.0/24", "::1"]})", ct()));
  CHECK_FALSE(fits(R"("when": {"from_network": ["192.0.2.0/24"]})", ct(), from("CT1", "198.51.100.1")));
  CHECK_FALSE(fits(R"("when": {"from_network": ["192.0.2.0/24"]})", ct(), from("CT1", "")));
  CHECK(fits(R"("when": {"protocol": ["dicomweb", "dimse"]})", ct()));
  CHECK_FALSE(fits(R"("when": {"protocol": ["import"]})", ct()));
}

TEST_CASE("attributes match as in a query") {
  CHECK(fits(R"("when": {"attributes": {"Modality": "MR\\CT"}})", ct()));
  CHECK_FALSE(fits(R"("when": {"attributes": {"Modality": "MR\\US"}})", ct()));
  CHECK(fits(R"("when": {"attributes": {"0010,0010": "doe*"}})", ct()));
  CHECK(fits(R"("when": {"attributes": {"StudyDate": "20240101-20240131"}})", ct()));
  CHECK_FALSE(fits(R"("when": {"attributes": {"StudyDate": "20240201-"}})", ct()));
  CHECK_FALSE(fits(R"("when": {"attributes": {"Modality": "CT", "PatientID": "4712"}})", ct()));
  CHECK_FALSE(fits(R"("when": {"attributes": {"StudyDescription": "?*"}})", ct()));
  CHECK(fits(R"("when": {"attributes": {"PatientName": "MUELLER*"}})", ct().set(a::patient_name, "Mueller^Eva")));
  CHECK(fits(R"("when": {"attributes": {"StudyDescription": "Schädel*"}})",
             ct().set(a::study_description, "Schädel, Ω")));
}

TEST_CASE("attributes are there or not") {
  CHECK(fits(R"("when": {"present": ["PatientID"], "absent": ["AccessionNumber"]})", ct()));
  CHECK(fits(R"("when": {"absent": ["AccessionNumber"]})", ct().set(a::accession_number, "")));
  CHECK_FALSE(fits(R"("when": {"absent": ["AccessionNumber"]})", ct().set(a::accession_number, "A1")));
}

TEST_CASE("private attributes match by their creator, whatever block it has") {
  const auto rule = R"j("when": {"attributes": {"(0019,\"ACME\",01)": "Sc*"}})j";
  CHECK(fits(rule, ct().set(a::private_creator, "ACME").set(a::private_text, "Scout")));
  CHECK_FALSE(fits(rule, ct().set(a::private_creator, "OTHER").set(a::private_text, "Scout")));
  CHECK(fits(rule, ct().set(a::private_creator, "OTHER")
                       .set({dicom::Tag(0x0019, 0x0011), "LO"}, "ACME")
                       .set({dicom::Tag(0x0019, 0x1101), "LO"}, "Scout")));
  CHECK(fits(R"j("when": {"absent": ["(0019,\"ACME\",01)"]})j", ct().set(a::private_creator, "OTHER")));
}

TEST_CASE("zero is a value, and spaces are none") {
  constexpr dicom::Tag kSmallest(0x0028, 0x0106);
  dicom::DataSetWriter header;
  header.add(dicom::kPatientId, "LO", "    ");
  header.add_u16(kSmallest, 0);
  Conditions there;
  there.present = {attribute_named("(0028,0106)")};
  there.absent = {attribute_named("PatientID")};
  CHECK(there.fit(dicom::DataSetView(header.bytes()), from("CT1")));
}

TEST_CASE("all conditions have to be true, and unless takes away") {
  CHECK_FALSE(fits(R"("when": {"calling_ae_title": ["CT1"], "attributes": {"Modality": "MR"}})", ct()));
  CHECK(fits(R"("unless": {"attributes": {"Modality": "MR"}})", ct()));
  CHECK_FALSE(fits(R"("unless": {"attributes": {"Modality": "CT"}})", ct()));
  CHECK(fits(R"("unless": {"calling_ae_title": ["CT1"], "attributes": {"Modality": "MR"}})", ct()));
}

TEST_CASE("attributes are set, removed and prefixed") {
  CHECK(edited(R"({"set": {"InstitutionName": "Clinic"}})", ct(), kInstitution) == "Clinic");
  CHECK(edited(R"({"set": {"PatientName": "Müller^Eva"}})", ct(), dicom::kPatientName) == "Müller^Eva");
  CHECK(edited(R"({"remove": ["PatientComments"]})", ct().set(a::patient_comments, "x"), a::patient_comments.tag)
            .empty());
  CHECK(edited(R"({"set_if_empty": {"PatientID": "NEW"}})", ct(), dicom::kPatientId) == "4711");
  CHECK(edited(R"({"set_if_empty": {"PatientID": "NEW"}})", ct().set(a::patient_id, ""), dicom::kPatientId) == "NEW");
  CHECK(edited(R"({"add_prefix": {"PatientID": "GH-"}})", ct(), dicom::kPatientId) == "GH-4711");
  CHECK(edited(R"({"add_prefix": {"PatientID": "GH-"}})", ct().set(a::patient_id, "GH-1"), dicom::kPatientId) ==
        "GH-1");
  CHECK(edited(R"({"add_prefix": {"PatientID": "GH-"}})", ct().set(a::patient_id, ""), dicom::kPatientId).empty());
  CHECK(edited(R"({"add_prefix": {"ImageType": "X"}})", ct().set(a::image_type, "A\\\\B"), a::image_type.tag) ==
        "XA\\\\XB");
  CHECK(edited(R"({"add_prefix": {"PatientID": "GH-"}})", ct().set(a::patient_id, " 1\\ 2"), dicom::kPatientId) ==
        "GH-1\\GH-2");
  CHECK(edited(R"({"add_prefix": {"PatientComments": "X"}})", ct().set(a::patient_comments, " a\\b"),
               a::patient_comments.tag) == "X a\\b");
  CHECK(edited(R"j({"remove": ["(0019,\"ACME\",01)"]})j",
               ct().set(a::private_creator, "ACME").set(a::private_text, "secret"), a::private_text.tag)
            .empty());
}

TEST_CASE("what changes nothing is no edit, so that the object stays as it came") {
  CHECK_FALSE(passed(R"({"name": "r", "then": {"set": {"PatientID": "4711"}, "remove": ["PatientComments"],
                         "set_if_empty": {"Modality": "OT"}, "add_prefix": {"PatientID": "47"}}})",
                     ct())
                  .edited());
}

TEST_CASE("later rules see what earlier ones have done, until one refuses") {
  const auto object = passed(R"({"name": "1", "then": {"set": {"PatientID": "X"}}},
    {"name": "2", "when": {"attributes": {"PatientID": "X"}}, "then": {"set": {"InstitutionName": "second"}}},
    {"name": "3", "then": {"refuse": "enough"}},
    {"name": "4", "then": {"set": {"InstitutionName": "fourth"}}})",
                             ct());
  CHECK(object.text(kInstitution) == "second");
  CHECK(object.refusal() == "enough");
}

TEST_CASE("labels stand in private elements of their own") {
  const auto once = passed(R"({"name": "1", "then": {"label": ["research", "reading-2"]}},
                              {"name": "2", "then": {"label": ["research", "night"]}})",
                           ct());
  CHECK(once.text(kLabelBlock) == kLabelCreator);
  CHECK(once.text(kLabel) == "research\\reading-2\\night");
  testing::SampleDataSet header;
  header.set({kLabelBlock, "LO"}, "ACME").set({kLabel, "LO"}, "theirs").set(a::sop_instance_uid, "1.1.1");
  GivenObject taken(header.bytes());
  add_labels(taken, {"ours"});
  CHECK(taken.text(kLabel) == "theirs");
  CHECK(taken.text(dicom::Tag(0x0013, 0x0011)) == kLabelCreator);
  CHECK(taken.text(dicom::Tag(0x0013, 0x1101)) == "ours");
}

TEST_CASE("labels go into the creator's own block, and never into one where something stands") {
  testing::SampleDataSet header;
  header.set({kLabel, "LO"}, "nobody knows whose")
      .set({dicom::Tag(0x0013, 0x0011), "LO"}, "ACME")
      .set({dicom::Tag(0x0013, 0x0020), "LO"}, std::string(kLabelCreator))
      .set({dicom::Tag(0x0013, 0x2001), "LO"}, "first");
  GivenObject own(header.bytes());
  add_labels(own, {"second"});
  CHECK(own.text(dicom::Tag(0x0013, 0x2001)) == "first\\second");
  testing::SampleDataSet orphan;
  orphan.set({kLabel, "LO"}, "nobody knows whose");
  GivenObject beside(orphan.bytes());
  add_labels(beside, {"ours"});
  CHECK(beside.text(kLabel) == "nobody knows whose");
  CHECK(beside.text(dicom::Tag(0x0013, 0x1101)) == "ours");
}

TEST_CASE("a rule that can't be applied refuses the object and is named in the log") {
  std::string logged;
  uint64_t failed = 0;
  Journal journal;
  journal.log = [&](LogLevel level, std::string_view message, std::initializer_list<Field> fields) {
    if (level == LogLevel::error) logged = std::string(message) + " " + fields.begin()->value;
  };
  journal.count = [&](std::string_view counter, uint64_t n) { failed += counter == "failed_total" ? n : 0; };
  const testing::GivenConfig config(
      R"({"rules": [{"name": "too long", "then": {"add_prefix": {"PatientComments": "more "}}}]})");
  const auto instance = ct().set(a::patient_comments, std::string(65'530, 'x'));
  GivenObject object(instance.record().header, from("CT1"));
  RulesHook(rules_from(config.config()), journal).before_store(object);
  CHECK(object.refusal() == "a rule of the archive can't be applied to this object");
  CHECK(logged == "a rule can't be applied to an object, which is refused too long");
  CHECK(failed == 1);
}

TEST_CASE("strange objects are answered") {
  const testing::GivenConfig config(R"({"rules": [
    {"name": "1", "when": {"attributes": {"PatientName": "*a*", "StudyDate": "20240101-"}}, "then": {"refuse": "no thanks"}},
    {"name": "2", "then": {"set": {"PatientName": "X"}, "add_prefix": {"StudyDescription": "P"}, "label": ["l"]}}]})");
  for (const auto& check : testing::kIngestHookChecks) {
    INFO(check.name);
    RulesHook hook(rules_from(config.config()), {});
    check.run(hook);
  }
}
