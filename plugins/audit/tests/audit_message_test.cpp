#include "audit_message.hpp"

#include <catch2/catch.hpp>

#include "samples.hpp"
#include "xml_tree.hpp"

using namespace fermata;
using namespace fermata::audit_trail;

namespace {

const AuditSource kSource{"PACS", "archive.example"};

XmlElement message(const RecordedEvent& of) { return parse_xml(audit_message(of, kSource)); }

std::string code(const XmlElement& of, std::string_view name) { return of.one(name).attributes.at("csd-code"); }

/// "user role" of each participant; the one who asked has a "!".
std::vector<std::string> participants(const XmlElement& of) {
  std::vector<std::string> list;
  for (const auto* one : of.all("ActiveParticipant")) {
    const auto roles = one->all("RoleIDCode");
    list.push_back(one->attributes.at("UserID") + (one->attributes.at("UserIsRequestor") == "true" ? "!" : "") +
                   (roles.empty() ? "" : " " + roles[0]->attributes.at("csd-code")));
  }
  return list;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("A read study is DICOM Instances Accessed, with who, what and whose") {
  auto of = event("1.2.3", kNow + 5'000);
  of.patient_id = "P&1<\"";
  of.detail = "metadata";
  const auto root = message(of);
  CHECK(root.name == "AuditMessage");
  const auto& identification = root.one("EventIdentification");
  CHECK(identification.attributes.at("EventActionCode") == "R");
  CHECK(identification.attributes.at("EventDateTime") == "2027-01-15T08:00:00.005Z");
  CHECK(identification.attributes.at("EventOutcomeIndicator") == "0");
  CHECK(code(identification, "EventID") == "110103");
  CHECK(identification.one("EventID").attributes.at("codeSystemName") == "DCM");
  CHECK(identification.one("EventID").attributes.at("originalText") == "DICOM Instances Accessed");
  CHECK(participants(root) == Strings{"jane!", "PACS"});
  const auto& person = *root.all("ActiveParticipant")[0];
  CHECK(person.attributes.at("NetworkAccessPointID") == "192.0.2.1");
  CHECK(person.attributes.at("NetworkAccessPointTypeCode") == "2");
  CHECK(root.one("AuditSourceIdentification").attributes.at("AuditSourceID") == "PACS");
  const auto objects = root.all("ParticipantObjectIdentification");
  REQUIRE(objects.size() == 2);
  CHECK(objects[0]->attributes.at("ParticipantObjectID") == "1.2.3");
  CHECK(objects[0]->attributes.at("ParticipantObjectTypeCode") == "2");
  CHECK(objects[0]->attributes.at("ParticipantObjectTypeCodeRole") == "3");
  CHECK(code(*objects[0], "ParticipantObjectIDTypeCode") == "110180");
  CHECK(objects[0]->one("ParticipantObjectDescription").text == "metadata");
  CHECK(objects[1]->attributes.at("ParticipantObjectID") == "P&1<\"");
  CHECK(objects[1]->attributes.at("ParticipantObjectTypeCode") == "1");
  CHECK(objects[1]->attributes.at("ParticipantObjectTypeCodeRole") == "1");
  CHECK(code(*objects[1], "ParticipantObjectIDTypeCode") == "2");
}

TEST_CASE("Transfers say who was source and who destination") {
  CHECK(participants(message(event("1", kNow, "study.store"))) == Strings{"jane! 110153", "PACS 110152"});
  auto sent = event("1", kNow, "study.send");
  CHECK(participants(message(sent)) == Strings{"jane! 110152", "PACS 110153"});
  sent.detail = "to READING1, 25 instances";
  CHECK(participants(message(sent)) == Strings{"jane!", "PACS 110153", "READING1 110152"});
  CHECK(participants(message(event("1", kNow, "study.export"))) == Strings{"jane! 110153", "192.0.2.1 110154"});
}

TEST_CASE("Every action of the SDK has its event and its action code") {
  struct Expected {
    std::string_view action, event, type, code;
  };
  const Expected list[] = {
      {audit::kStudyStored, "110104", "", "C"},       {audit::kStudySent, "110104", "", "R"},
      {audit::kStudyExported, "110106", "", "R"},     {audit::kStudyDiscarded, "110103", "", "D"},
      {audit::kStudyRestored, "110103", "", "U"},     {audit::kStudyDeleted, "110105", "", "D"},
      {audit::kStudyChanged, "110103", "", "U"},      {audit::kQuery, "110112", "", "E"},
      {audit::kLogin, "110114", "110122", "E"},       {audit::kLogout, "110114", "110123", "E"},
      {audit::kUserChanged, "110113", "110137", "E"}, {audit::kNodeChanged, "110113", "110128", "E"},
      {audit::kMaintained, "110113", "110131", "E"},  {kTrailRead, "110101", "", "R"}};
  for (const auto& expected : list) {
    INFO(expected.action);
    const auto root = message(event("x", kNow, std::string(expected.action)));
    const auto& identification = root.one("EventIdentification");
    CHECK(code(identification, "EventID") == expected.event);
    CHECK(identification.attributes.at("EventActionCode") == expected.code);
    const auto types = identification.all("EventTypeCode");
    CHECK(types.size() == (expected.type.empty() ? 0 : 1));
    if (!types.empty()) CHECK(types[0]->attributes.at("csd-code") == expected.type);
  }
}

TEST_CASE("A refusal and a failure have their outcome, and say why") {
  auto of = event("jane", kNow, "user.login");
  of.outcome = AuditEvent::Outcome::refused;
  of.detail = "wrong password";
  auto root = message(of);
  CHECK(root.one("EventIdentification").attributes.at("EventOutcomeIndicator") == "4");
  CHECK(root.one("EventIdentification").one("EventOutcomeDescription").text == "wrong password");
  of.outcome = AuditEvent::Outcome::failed;
  CHECK(message(of).one("EventIdentification").attributes.at("EventOutcomeIndicator") == "8");
}

TEST_CASE("A query carries what was asked for, and nobody is somebody unknown") {
  auto of = event("", kNow, "query");
  of.user.clear();
  of.address.clear();
  of.detail = "PatientName";
  const auto root = message(of);
  CHECK(participants(root) == Strings{"unknown! 110153", "PACS 110152"});
  CHECK(root.one("ParticipantObjectIdentification").one("ParticipantObjectQuery").text == "UGF0aWVudE5hbWU=");
}

TEST_CASE("An action that the standard does not know is sent under its own word") {
  const auto root = message(event("1", kNow, "cake.bake"));
  const auto& id = root.one("EventIdentification").one("EventID");
  CHECK(id.attributes.at("csd-code") == "cake.bake");
  CHECK(id.attributes.at("codeSystemName") == "Fermata");
}
