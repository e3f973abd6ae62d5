// Audit events, as they cross from library to library.
#include <catch2/catch.hpp>
#include <string>

#include "fermata/audit_trail.hpp"
#include "fermata/testing/threads_and_errors.hpp"
#include "fermata/testing/through_boundary.hpp"

using namespace fermata;
using namespace fermata::testing;

namespace {

class FakeTrail final : public AuditTrail {
 public:
  void record(const AuditEvent& e) override {
    if (e.action.empty()) throw Error(Code::invalid, "no action");
    seen.clear();
    for (const auto part : {e.action, e.user, e.peer_address, e.object, e.patient_id, e.detail})
      seen += std::string(part) + "|";
    outcome = e.outcome;
    time_us = e.time_us;
  }
  std::string seen;
  AuditEvent::Outcome outcome = AuditEvent::Outcome::success;
  int64_t time_us = 0;
};

}  // namespace

TEST_CASE("an audit event crosses with all that it says") {
  FakeTrail trail;
  const auto remote = through_boundary<AuditTrail>(trail);
  remote->record({audit::kStudyRead, AuditEvent::Outcome::refused, "jane", "192.0.2.1", "1.2.3", "P1", "as ZIP", 42});
  CHECK(trail.seen == "study.read|jane|192.0.2.1|1.2.3|P1|as ZIP|");
  CHECK(trail.outcome == AuditEvent::Outcome::refused);
  CHECK(trail.time_us == 42);
  CHECK(code_of([&] { remote->record({}); }) == Code::invalid);
}
