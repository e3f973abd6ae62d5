#pragma once
#include <string_view>

#include "fermata/audit_trail.hpp"
#include "fermata/http_router.hpp"

namespace fermata::admin {

/// Takes down for the audit trail what a request did. Without a trail it does nothing.
///
/// **Thread**: any. **Ownership**: borrows the trail.
class AuditNotes {
 public:
  explicit AuditNotes(AuditTrail* trail) : trail_(trail) {}

  void success(HttpRequest& request, std::string_view action, std::string_view object, std::string_view detail,
               std::string_view patient_id = {}) const {
    if (trail_ == nullptr) return;
    AuditEvent event;
    event.action = action;
    event.user = request.user();
    event.peer_address = request.peer_address();
    event.object = object;
    event.patient_id = patient_id;
    event.detail = detail;
    trail_->record(event);
  }

 private:
  AuditTrail* const trail_;
};

}  // namespace fermata::admin
