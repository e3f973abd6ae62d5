#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace fermata::audit_trail {

/// A message for a syslog server as RFC 5424 has it, and PS3.15 A.6 for audit messages: facility 10 (security),
/// severity 5 (notice), MSGID DICOM+RFC3881; with its length in front (RFC 5425 4.3).
std::string syslog_frame(std::string_view message, int64_t time_us, std::string_view host);

}  // namespace fermata::audit_trail
