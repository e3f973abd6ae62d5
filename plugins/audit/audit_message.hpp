#pragma once
#include <string>

#include "recorded_event.hpp"

namespace fermata::audit_trail {

/// Who reports: AuditSourceIdentification (PS3.15 A.5.2.4), and the archive as a participant of what happens.
struct AuditSource {
  std::string id = "FERMATA";
  std::string host;  ///< this machine's name
};

/// An event as a DICOM audit message (PS3.15 A.5): XML in UTF-8, in one line. Actions that the standard has no event
/// for are sent under their own word as a code of this program.
std::string audit_message(const RecordedEvent& event, const AuditSource& source);

}  // namespace fermata::audit_trail
