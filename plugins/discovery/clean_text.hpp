#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace fermata::discovery {

/// Text from the network that may be shown, logged and put into XML: whole characters of UTF-8, in at most `limit`
/// bytes, without what controls a terminal, the direction of writing, or lines. Other bytes become U+FFFD.
std::string clean_text(std::string_view text, std::size_t limit);

}  // namespace fermata::discovery
