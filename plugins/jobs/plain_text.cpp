#include "plain_text.hpp"

#include <algorithm>

#include "fermata/dicom/json_text.hpp"

namespace fermata::jobs {

std::string plain_text(std::string_view text, std::size_t longest) {
  std::string plain;
  while (!text.empty()) {
    const auto length = dicom::json::utf8_length(text);
    if (plain.size() + std::max<std::size_t>(length, 1) > longest) break;
    if (length == 0)
      plain += '?';
    else
      plain += text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return plain;
}

}  // namespace fermata::jobs
