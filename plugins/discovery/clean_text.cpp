#include "clean_text.hpp"

#include <cstdint>

#include "fermata/dicom/character_repertoire.hpp"

namespace fermata::discovery {
namespace {

constexpr uint32_t kReplacement = 0xfffd;

bool is_harmless(uint32_t c) {
  const bool control = c < 0x20 || (c >= 0x7f && c < 0xa0);
  const bool line_or_direction =
      c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
  const bool no_character = (c & 0xfffe) == 0xfffe;
  return !control && !line_or_direction && !no_character;
}

}  // namespace

std::string clean_text(std::string_view text, std::size_t limit) {
  std::string out;
  while (!text.empty()) {
    auto character = dicom::take_utf8(text);
    if (!character) {
      text.remove_prefix(1);
      character = kReplacement;
    }
    if (!is_harmless(*character)) continue;
    std::string encoded;
    dicom::append_utf8(encoded, *character);
    if (out.size() + encoded.size() > limit) break;
    out += encoded;
  }
  return out;
}

}  // namespace fermata::discovery
