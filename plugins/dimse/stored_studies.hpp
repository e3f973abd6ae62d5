#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "fermata/application_entities.hpp"
#include "fermata/audit_trail.hpp"

namespace fermata::dimse {

/// What an association has stored, for the audit trail: one event for a study, when the next study begins, the
/// association ends, or some minutes have passed.
///
/// **Thread**: that of the association. **Ownership**: the trail outlives it.
class StoredStudies {
 public:
  StoredStudies() = default;
  ~StoredStudies() { tell(); }
  StoredStudies(const StoredStudies&) = delete;
  StoredStudies& operator=(const StoredStudies&) = delete;

  /// One more instance.
  void count(AuditTrail& trail, const Caller& caller, std::string_view study_instance_uid);

 private:
  void tell() noexcept;

  AuditTrail* trail_ = nullptr;
  std::string actor_;
  std::string where_;
  std::string address_;
  std::string study_;
  uint64_t instances_ = 0;
  std::chrono::steady_clock::time_point begin_;
};

}  // namespace fermata::dimse
