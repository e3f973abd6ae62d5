#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "configuration/schema.hpp"

namespace fermata::host {

// What the text of a scalar means, if it means that: YAML leaves it to the schema.

std::optional<int64_t> to_integer(std::string_view text);  ///< decimal, or hexadecimal after "0x"
std::optional<double> to_number(std::string_view text);    ///< "nan" and "inf" are words
std::optional<bool> to_boolean(std::string text);          ///< true, yes, on; false, no, off; in any case

bool fits_format(SchemaNode::Format format, const std::string& text);
/// Whether any text will do, apart from what other rules say.
bool is_free_text(SchemaNode::Format format);

}  // namespace fermata::host
