#pragma once
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "fermata/dicom/json_text.hpp"

namespace fermata {

/// `text` from somebody else as it may be kept, shown and sent as XML: at most `longest` bytes of it, cut between two
/// characters, on one line. A control character becomes a space, and what is no UTF-8 or no character at all "?".
inline std::string plain_text(std::string_view text, std::size_t longest) {
  std::string plain;
  while (!text.empty()) {
    const auto length = dicom::json::utf8_length(text);
    const auto one = text.substr(0, std::max<std::size_t>(length, 1));
    if (plain.size() + one.size() > longest) break;
    const auto first = static_cast<unsigned char>(one.front());
    if (length == 0 || one == "\xef\xbf\xbe" || one == "\xef\xbf\xbf")  // U+FFFE and U+FFFF, which XML does not have
      plain += '?';
    else if (first < 0x20 || first == 0x7f)
      plain += ' ';
    else
      plain += one;
    text.remove_prefix(one.size());
  }
  return plain;
}

}  // namespace fermata
