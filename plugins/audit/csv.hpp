#pragma once
#include <string>
#include <string_view>

#include "recorded_event.hpp"

namespace fermata::audit_trail {

/// Events as comma-separated values (RFC 4180). What a spreadsheet would take for a formula gets an apostrophe in
/// front.
inline constexpr std::string_view kCsvHead = "id,time,action,outcome,user,address,object,patient_id,detail\r\n";
std::string csv_line(const RecordedEvent& event);

}  // namespace fermata::audit_trail
