#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace fermata::audit_trail {

/// `text` as it may be kept, shown and sent as XML: UTF-8 without control characters and without anything that is none,
/// and at most `longest` bytes of it.
std::string plain_text(std::string_view text, std::size_t longest);

}  // namespace fermata::audit_trail
