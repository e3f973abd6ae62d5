#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "fermata/audit_trail.hpp"

namespace fermata::audit_trail {

/// Beside those of the SDK: somebody has looked at the trail itself.
inline constexpr std::string_view kTrailRead = "audit.read";

/// An event as it is kept. **Thread**: a value.
struct RecordedEvent {
  uint64_t number = 0;  ///< ascending, from 1; 0: not written yet
  int64_t time_us = 0;
  std::string action;
  AuditEvent::Outcome outcome = AuditEvent::Outcome::success;
  std::string user;
  std::string address;
  std::string object;
  std::string patient_id;
  std::string detail;

  /// With everything in a form that may be kept. **Errors**: invalid (no action).
  static RecordedEvent of(const AuditEvent& event, int64_t now_us);
  bool is_about_study() const { return action.starts_with("study."); }
};

std::string_view outcome_name(AuditEvent::Outcome outcome);  ///< "success"

}  // namespace fermata::audit_trail
