#pragma once
#include <cstdint>
#include <string_view>

#include "fermata/c/audit_trail.h"

namespace fermata {

/// What somebody did, or tried to do. Views are borrowed for the call of `record`.
struct AuditEvent {
  enum class Outcome : uint32_t {
    success = FERMATA_AUDIT_SUCCESS,
    refused = FERMATA_AUDIT_REFUSED,
    failed = FERMATA_AUDIT_FAILED,
  };
  std::string_view action;  ///< one of `audit`, or a plugin's own word in the same form
  Outcome outcome = Outcome::success;
  std::string_view user;          ///< an account's name, or a calling AE title; empty: nobody who is known
  std::string_view peer_address;  ///< numeric
  std::string_view object;        ///< a Study Instance UID, an AE title, an account's name
  std::string_view patient_id;    ///< of the study, where it is at hand
  std::string_view detail;        ///< for people: "3 series as ZIP"
  int64_t time_us = 0;            ///< since 1970-01-01 UTC; 0: now
};

/// The actions that the audit trail knows how to send as DICOM audit messages (PS3.15 A.5.3).
namespace audit {
inline constexpr std::string_view kStudyStored = "study.store";       ///< DICOM Instances Transferred, to us
inline constexpr std::string_view kStudyRead = "study.read";          ///< DICOM Instances Accessed
inline constexpr std::string_view kStudySent = "study.send";          ///< DICOM Instances Transferred, from us
inline constexpr std::string_view kStudyExported = "study.export";    ///< Export: as a file
inline constexpr std::string_view kStudyDiscarded = "study.discard";  ///< into the trash
inline constexpr std::string_view kStudyRestored = "study.restore";
inline constexpr std::string_view kStudyDeleted = "study.delete";  ///< DICOM Study Deleted: for good
inline constexpr std::string_view kStudyChanged = "study.change";  ///< labels
inline constexpr std::string_view kQuery = "query";                ///< Query
inline constexpr std::string_view kLogin = "user.login";           ///< User Authentication
inline constexpr std::string_view kLogout = "user.logout";
inline constexpr std::string_view kUserChanged = "user.change";  ///< Security Alert: accounts, rights, tokens
inline constexpr std::string_view kNodeChanged = "node.change";  ///< Security Alert: network configuration
inline constexpr std::string_view kMaintained =
    "system.maintain";  ///< Security Alert: the index made anew, objects verified
}  // namespace audit

/// Takes down who saw, changed, sent or deleted what.
///
/// *Provided by* audit; *used by* whatever does something on somebody's behalf.
/// **Thread**: any. Does not wait for the disk: what was recorded is durable within a second or two, and at the end.
/// **Errors**: invalid (no action). A trail that can't be written says so in the log and in the program's health, and
/// keeps nobody from their images.
class AuditTrail {
 public:
  static constexpr const char* kId = FERMATA_AUDIT_TRAIL_ID;
  virtual ~AuditTrail() = default;
  virtual void record(const AuditEvent& event) = 0;
};

}  // namespace fermata

#include "fermata/bridge/audit_trail.hpp"  // IWYU pragma: export
