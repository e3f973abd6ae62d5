#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace fermata::jobs {

/// `text` as it may be kept and shown: UTF-8 without anything that is none, and at most `longest` bytes of it.
std::string plain_text(std::string_view text, std::size_t longest);

}  // namespace fermata::jobs
