#pragma once
#include <string>
#include <string_view>

namespace fermata::application_entities {

/// The AE title without its insignificant spaces; case counts (PS3.5 6.2, VR AE).
/// **Errors**: invalid, naming the rule, unless 1 to 16 characters of ASCII without backslash and control characters
/// remain.
std::string checked_ae_title(std::string_view text);

/// The same without the check, for what strangers send.
std::string_view trimmed_ae_title(std::string_view text);

/// What strangers sent, made fit for a log line or a table: printable ASCII, at most `limit` characters.
std::string printable(std::string_view text, std::size_t limit);

}  // namespace fermata::application_entities
