#pragma once
#include <string>
#include <string_view>

namespace fermata::imports {

/// A path as text that is always UTF-8 without control characters: what is not, and "%", becomes %XX. **Thread**: any.
std::string escaped(std::string_view path);
/// The path again.
std::string unescaped(std::string_view text);
/// Text of another program's database, cut to `longest` bytes between two characters; what is no UTF-8 becomes "?".
std::string plain(std::string_view text, std::size_t longest);

}  // namespace fermata::imports
