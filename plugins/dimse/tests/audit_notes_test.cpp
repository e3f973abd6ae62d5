#include "audit_notes.hpp"

#include <catch2/catch.hpp>

#include "fermata/dicom/data_set_writer.hpp"
#include "stored_studies.hpp"

using namespace fermata;
using namespace fermata::dimse;

namespace {

class KeptTrail final : public AuditTrail {
 public:
  void record(const AuditEvent& event) override {
    events.push_back(std::string(event.action) + " by " + std::string(event.user) + " at " +
                     std::string(event.peer_address) + " of " + std::string(event.object) + ": " +
                     std::string(event.detail) + (event.outcome == AuditEvent::Outcome::success ? "" : " (failed)"));
  }
  std::vector<std::string> events;
};

using Events = std::vector<std::string>;
using Outcome = SubOperations::Outcome;

const Caller kCaller{"CT1", "FERMATA", "192.0.2.1", false};

}  // namespace

TEST_CASE("What an association stores is one event for each study, at the latest when it ends") {
  KeptTrail trail;
  {
    StoredStudies stored;
    for (const auto* study : {"1", "1", "1", "2"}) stored.count(trail, kCaller, study);
    CHECK(trail.events == Events{"study.store by CT1 at 192.0.2.1 of 1: 3 instances"});
  }
  CHECK(trail.events.back() == "study.store by CT1 at 192.0.2.1 of 2: 1 instances");
  { const StoredStudies nothing; }
  CHECK(trail.events.size() == 2);
}

TEST_CASE("What a retrieval sends is one event for each study, and says where it went") {
  KeptTrail trail;
  {
    SentStudies studies(&trail, kCaller, "READING1");
    studies.count("1", Outcome::completed);
    studies.count("1", Outcome::warning);
    studies.count("1", Outcome::failed);
    studies.count("2", Outcome::failed);
  }
  CHECK(trail.events ==
        Events{"study.send by CT1 at 192.0.2.1 of 1: to READING1, 2 instances sent, 1 failed",
               "study.send by CT1 at 192.0.2.1 of 2: to READING1, 0 instances sent, 1 failed (failed)"});
  trail.events.clear();
  {
    SentStudies to_the_caller(&trail, kCaller, "");
    to_the_caller.count("1", Outcome::completed);
    SentStudies without_trail(nullptr, kCaller, "");
    without_trail.count("1", Outcome::completed);
  }
  CHECK(trail.events == Events{"study.send by CT1 at 192.0.2.1 of 1: 1 instances sent"});
}

TEST_CASE("A query is noted with the names of its keys, and never with their values") {
  KeptTrail trail;
  QueryRetrieveRequest request;
  request.level = Level::series;
  dicom::DataSetWriter identifier;
  identifier.add(dicom::kQueryRetrieveLevel, "CS", "SERIES");
  identifier.add(dicom::Tag(0x0009, 0x1001), "LO", "private");
  identifier.add(dicom::kPatientName, "PN", "DOE^JANE");
  identifier.add(dicom::kPatientId, "LO", "");
  request.identifier = identifier.take();
  note_query(trail, kCaller, request);
  CHECK(trail.events == Events{"query by CT1 at 192.0.2.1 of : SERIES by (0009,1001), PatientName"});
  request.identifier.clear();
  note_query(trail, kCaller, request);
  CHECK(trail.events.back() == "query by CT1 at 192.0.2.1 of : SERIES, all");
}
