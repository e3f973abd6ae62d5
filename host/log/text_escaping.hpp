#pragma once
#include <string>
#include <string_view>

namespace fermata::host {

/// `text` as a JSON string with its quotes: valid UTF-8 whatever came in, and without control characters.
std::string json_string(std::string_view text);

/// `text` as it may stand in a line for people: no line breaks, no control or direction-changing characters, valid
/// UTF-8. What is not allowed appears as an escape such as `\n` or `\u0085`.
std::string visible_text(std::string_view text);

/// The value of `key=value`: like visible_text, and in quotes where it would not be clear where it ends.
std::string field_value(std::string_view text);

}  // namespace fermata::host
