#pragma once
#include <string>
#include <string_view>

namespace fermata::http {

/// Appends `text` as a JSON string (RFC 8259 7). Bytes that are no UTF-8 become U+FFFD.
void append_json(std::string& json, std::string_view text);

}  // namespace fermata::http
