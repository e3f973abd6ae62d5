#include "plain_text.hpp"

#include <algorithm>

#include "fermata/dicom/json_text.hpp"

namespace fermata::audit_trail {
namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }
/// U+FFFE and U+FFFF, which XML does not have.
bool is_no_character(std::string_view one) { return one == "\xef\xbf\xbe" || one == "\xef\xbf\xbf"; }

}  // namespace

std::string plain_text(std::string_view text, std::size_t longest) {
  std::string plain;
  while (!text.empty()) {
    const auto length = dicom::json::utf8_length(text);
    const auto taken = std::max<std::size_t>(length, 1);
    if (plain.size() + taken > longest) break;
    const auto one = text.substr(0, taken);
    if (length == 0 || is_no_character(one))
      plain += '?';
    else if (is_control(one.front()))
      plain += ' ';
    else
      plain += one;
    text.remove_prefix(taken);
  }
  return plain;
}

}  // namespace fermata::audit_trail
