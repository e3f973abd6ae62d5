#include "audit_notes.hpp"

#include <catch2/catch.hpp>

#include "fermata/testing/http_exchange.hpp"
#include "fermata/testing/threads_and_errors.hpp"

using namespace fermata;
using namespace fermata::dicomweb;
using fermata::testing::code_of;
using fermata::testing::GivenRequest;

namespace {

class KeptTrail final : public AuditTrail {
 public:
  void record(const AuditEvent& event) override {
    events.push_back(std::string(event.action) + " by " + std::string(event.user) + " of " + std::string(event.object) +
                     ": " + std::string(event.detail) +
                     (event.outcome == AuditEvent::Outcome::success ? "" : " (failed)"));
  }
  std::vector<std::string> events;
};

using Events = std::vector<std::string>;

GivenRequest request() {
  GivenRequest made;
  made.user_given = "jane";
  return made;
}

}  // namespace

TEST_CASE("A study that was given is noted, also when the client left in the middle, and not when there was none") {
  KeptTrail trail;
  const AuditNotes notes(&trail);
  auto of = request();
  bool was_read = false;
  notes.reading(of, "1.2", [&] { was_read = true; });
  CHECK(was_read);
  CHECK(code_of([&] { notes.reading(of, "1.3", [] { throw Error(Code::cancelled, "gone"); }); }) == Code::cancelled);
  CHECK(code_of([&] { notes.reading(of, "1.4", [] { throw Error(Code::not_found, "no"); }); }) == Code::not_found);
  CHECK(trail.events == Events{"study.read by jane of 1.2: DICOMweb", "study.read by jane of 1.3: DICOMweb"});
}

TEST_CASE("A search is noted with the names of its keys, and never with their values") {
  KeptTrail trail;
  const AuditNotes notes(&trail);
  auto of = request();
  of.query_given = "PatientName=Doe*&limit=5&StudyDate=20240101&includefield=all";
  notes.searched(of, Level::study);
  of.query_given = "limit=5";
  notes.searched(of, Level::series);
  of.parameters["study"] = "1.2";
  notes.searched(of, Level::image);
  CHECK(trail.events == Events{"query by jane of : studies by PatientName, StudyDate", "query by jane of : series, all",
                               "query by jane of 1.2: instances"});
}

TEST_CASE("What was stored is noted study by study") {
  KeptTrail trail;
  const AuditNotes notes(&trail);
  auto of = request();
  std::deque<StoreResult> results(5);
  for (auto& result : results) {
    result.kind = StoreResult::Kind::stored;
    result.study_instance_uid = "1";
  }
  results[1].kind = StoreResult::Kind::failed;
  results[2].kind = StoreResult::Kind::failed;
  results[2].study_instance_uid = "2";
  results[3].study_instance_uid.clear();
  notes.stored(of, results);
  CHECK(trail.events == Events{"study.store by jane of 1: 2 instances, 1 refused",
                               "study.store by jane of 2: 0 instances, 1 refused (failed)"});
}

TEST_CASE("Without a trail nothing is noted, and all is read as ever") {
  const AuditNotes notes(nullptr);
  auto of = request();
  bool was_read = false;
  notes.reading(of, "1.2", [&] { was_read = true; });
  CHECK(was_read);
  notes.searched(of, Level::study);
  notes.stored(of, std::deque<StoreResult>(1));
}
