#pragma once
#include <unicode/ucnv.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fermata/dicom/character_repertoire.hpp"
#include "fermata/dicom/tag.hpp"

namespace fermata::dicom {

namespace text_detail {

/// How bytes become characters: the name of an ICU converter, and what to do to the bytes before.
struct CodeElement {
  const char* converter = nullptr;  ///< null: unknown
  unsigned bytes = 1;               ///< for one character
  bool shift = false;               ///< 7-bit codes in G0, to be shifted into the converter's 8-bit range
  bool single_shift = false;        ///< each character needs an SS3 (0x8f) in front: JIS X 0212 in EUC-JP
};

}  // namespace text_detail

/// Turns text of any Specific Character Set into UTF-8 (PS3.3 C.12.1.1.2, PS3.5 6.1.2). Needs ICU
/// (fermata::sdk-matching).
///
/// It never gives up: names of character sets are read leniently (`ISO-IR-100`), text in an unknown one is taken as
/// UTF-8 if it is valid, else as Latin-1, and bytes that can't be are U+FFFD.
/// **Thread**: one at a time. **Ownership**: owns its ICU converters. **Errors**: none.
class TextDecoder {
 public:
  /// `specific_character_set`: the value of (0008,0005), all of its values; empty for the default repertoire.
  explicit TextDecoder(std::string_view specific_character_set);

  /// `vr` says where code extensions end: at each value, and in a PN at each component.
  std::string decode(std::string_view text, Vr vr);

 private:
  using CodeElement = text_detail::CodeElement;
  /// A defined term of (0008,0005): what it puts into G1 (bytes from 0x80 on), or an encoding of its own.
  struct DefinedTerm {
    CodeElement g1;
    const char* whole = nullptr;  ///< converter for the whole text: UTF-8, GB18030, GBK
    bool known = true;
  };
  static constexpr CodeElement kAscii{"ISO-8859-1"};
  static DefinedTerm defined_term(std::string_view name);
  static CodeElement right_half(int registration);
  /// The code element that an escape sequence designates, its length, and whether it goes into G1.
  struct Escape {
    std::size_t length;
    CodeElement element;
    bool into_g1;
  };
  static std::optional<Escape> escape_at(std::string_view text);

  std::string decode_extended(std::string_view text, Vr vr);
  void append(std::string& out, const char* converter, std::string_view bytes);
  static void append_wide(std::string& out, std::u16string_view wide);
  static bool ends_extension(char c, Vr vr);

  struct Close {
    void operator()(UConverter* c) const { ucnv_close(c); }
  };
  std::map<std::string_view, std::unique_ptr<UConverter, Close>> converters_;
  const char* whole_ = nullptr;
  bool guess_ = false;
  CodeElement initial_g1_;   ///< of the first value
  CodeElement fallback_g1_;  ///< for texts that use the second value's characters without designating them
};

// ---- implementation

inline TextDecoder::TextDecoder(std::string_view specific_character_set) {
  bool first = true;
  bool any = false;
  for (;;) {
    const auto end = specific_character_set.find('\\');
    const auto term = defined_term(specific_character_set.substr(0, end));
    if (first) {
      whole_ = term.whole;
      initial_g1_ = term.g1;
    }
    if (!fallback_g1_.converter) fallback_g1_ = term.g1;
    any = any || (term.known && (term.g1.converter || term.whole));
    guess_ = guess_ || !term.known;
    first = false;
    if (end == std::string_view::npos) break;
    specific_character_set.remove_prefix(end + 1);
  }
  guess_ = guess_ || !any;
}

inline std::string TextDecoder::decode(std::string_view text, Vr vr) {
  const bool escapes = text.find('\x1b') != std::string_view::npos;
  if (whole_ == nullptr && escapes) return decode_extended(text, vr);
  if (is_ascii(text)) return std::string(text);
  if (whole_ != nullptr && std::string_view(whole_) != "UTF-8") {
    std::string out;
    append(out, whole_, text);
    return out;
  }
  if (whole_ != nullptr || guess_ || !fallback_g1_.converter) {
    if (is_utf8(text)) return std::string(text);
    return latin1_to_utf8(text);
  }
  return decode_extended(text, vr);
}

inline bool TextDecoder::ends_extension(char c, Vr vr) {
  if (c == '\r' || c == '\n' || c == '\f' || c == '\t') return true;
  if (vr == Vr("PN") && (c == '^' || c == '=')) return true;
  return c == '\\' && !(vr == Vr("ST") || vr == Vr("LT") || vr == Vr("UT"));
}

inline std::string TextDecoder::decode_extended(std::string_view text, Vr vr) {
  std::string out;
  std::string run;  // bytes for one converter
  const char* converter = kAscii.converter;
  const auto put = [&](const CodeElement& element, std::string_view bytes) {
    if (element.converter != converter) {
      append(out, converter, run);
      run.clear();
      converter = element.converter;
    }
    if (element.single_shift) run += '\x8f';
    for (const char c : bytes) run += element.shift ? static_cast<char>(c | 0x80) : c;
  };
  CodeElement g0 = kAscii;
  CodeElement g1 = initial_g1_.converter ? initial_g1_ : fallback_g1_;
  while (!text.empty()) {
    if (const auto escape = escape_at(text)) {
      (escape->into_g1 ? g1 : g0) = escape->element;
      text.remove_prefix(escape->length);
      continue;
    }
    if (text.front() == '\x1b') {
      put(kAscii, {});
      append(out, converter, std::exchange(run, {}));
      append_utf8(out, 0xfffd);
      text.remove_prefix(1);
      continue;
    }
    const auto byte = static_cast<uint8_t>(text.front());
    const bool control = (byte & 0x7f) <= 0x20;
    const CodeElement& set = control ? kAscii : byte < 0x80 ? g0 : g1.converter ? g1 : kAscii;
    const std::size_t length = std::min<std::size_t>(set.bytes, text.size());
    put(set, text.substr(0, length));
    // Everything designated ends here. A G1 that the first value does not define is kept: some forget to repeat it.
    if (set.bytes == 1 && ends_extension(text.front(), vr)) {
      g0 = kAscii;
      if (initial_g1_.converter) g1 = initial_g1_;
    }
    text.remove_prefix(length);
  }
  append(out, converter, run);
  return out;
}

inline std::optional<TextDecoder::Escape> TextDecoder::escape_at(std::string_view text) {
  struct Known {
    std::string_view sequence;
    CodeElement element;
    bool into_g1;
  };
  static constexpr CodeElement kKatakana{"EUC-JP-KATAKANA"};
  static const Known kKnown[] = {
      {"\x1b(B", kAscii, false},
      {"\x1b(J", kAscii, false},  // JIS X 0201 romaji: the yen sign stays the backslash that it is to DICOM
      {"\x1b)I", kKatakana, true},
      {"\x1b$B", {"EUC-JP", 2, true}, false},
      {"\x1b$@", {"EUC-JP", 2, true}, false},
      {"\x1b$(D", {"EUC-JP", 2, true, true}, false},
      {"\x1b$)C", {"EUC-KR", 2}, true},
      {"\x1b$)A", {"GB2312", 2}, true},
      {"\x1b-A", right_half(100), true},
      {"\x1b-B", right_half(101), true},
      {"\x1b-C", right_half(109), true},
      {"\x1b-D", right_half(110), true},
      {"\x1b-L", right_half(144), true},
      {"\x1b-G", right_half(127), true},
      {"\x1b-F", right_half(126), true},
      {"\x1b-H", right_half(138), true},
      {"\x1b-M", right_half(148), true},
      {"\x1b-b", right_half(203), true},
      {"\x1b-T", right_half(166), true},
  };
  if (text.front() != '\x1b') return {};
  for (const auto& known : kKnown)
    if (text.starts_with(known.sequence)) return Escape{known.sequence.size(), known.element, known.into_g1};
  return {};
}

inline TextDecoder::CodeElement TextDecoder::right_half(int registration) {
  switch (registration) {
    case 13:
      return {"EUC-JP-KATAKANA"};
    case 58:
      return {"GB2312", 2};
    case 100:
      return {"ISO-8859-1"};
    case 101:
      return {"ISO-8859-2"};
    case 109:
      return {"ISO-8859-3"};
    case 110:
      return {"ISO-8859-4"};
    case 126:
      return {"ISO-8859-7"};
    case 127:
      return {"ISO-8859-6"};
    case 138:
      return {"ISO-8859-8"};
    case 144:
      return {"ISO-8859-5"};
    case 148:
      return {"ISO-8859-9"};
    case 149:
      return {"EUC-KR", 2};
    case 166:
      return {"windows-874"};
    case 203:
      return {"ISO-8859-15"};
    default:
      return {};
  }
}

inline TextDecoder::DefinedTerm TextDecoder::defined_term(std::string_view name) {
  std::string s;  // letters and digits only, in upper case
  for (const char c : name)
    if (c >= 'a' && c <= 'z')
      s += static_cast<char>(c - 'a' + 'A');
    else if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
      s += c;
  DefinedTerm term;
  if (s == "ISOIR192" || s == "UTF8") {
    term.whole = "UTF-8";
  } else if (s == "GB18030") {
    term.whole = "gb18030";
  } else if (s == "GBK" || s == "GB2312") {
    term.whole = "GBK";
  } else if (s == "LATIN1" || s.starts_with("ISO8859")) {
    term.g1 = right_half(100);
    term.known = s == "LATIN1" || s == "ISO88591";
  } else if (!s.empty()) {
    const auto at = s.find("IR");
    const int registration = at == std::string::npos ? 0 : std::atoi(s.c_str() + at + 2);
    term.g1 = right_half(registration);
    // 6: ASCII; 87 and 159: Japanese, which comes with escape sequences only
    term.known = term.g1.converter || registration == 6 || registration == 87 || registration == 159;
  }
  return term;
}

inline void TextDecoder::append(std::string& out, const char* converter, std::string_view bytes) {
  if (bytes.empty()) return;
  if (is_ascii(bytes)) {
    out += bytes;
    return;
  }
  // JIS X 0201 katakana is contiguous in Unicode, and no ICU converter has just that.
  if (std::string_view(converter) == "EUC-JP-KATAKANA") {
    for (const char c : bytes) {
      const auto byte = static_cast<uint8_t>(c);
      append_utf8(out, byte < 0x80 ? byte : byte >= 0xa1 && byte <= 0xdf ? 0xff61u + (byte - 0xa1u) : 0xfffdu);
    }
    return;
  }
  auto& open = converters_[converter];
  UErrorCode error = U_ZERO_ERROR;
  if (!open) open.reset(ucnv_open(converter, &error));
  if (!open) {
    out += latin1_to_utf8(bytes);
    return;
  }
  ucnv_reset(open.get());
  std::array<UChar, 1024> wide;
  std::size_t kept = 0;  // the first half of a character at the end of a piece
  const char* from = bytes.data();
  do {
    UChar* to = wide.data() + kept;
    error = U_ZERO_ERROR;
    ucnv_toUnicode(open.get(), &to, wide.data() + wide.size(), &from, bytes.data() + bytes.size(), nullptr, 1, &error);
    // Some converters put the control character SUB where they don't know better.
    std::replace(wide.data() + kept, to, UChar{0x001a}, UChar{0xfffd});
    kept = error == U_BUFFER_OVERFLOW_ERROR && U16_IS_LEAD(to[-1]) ? 1 : 0;
    append_wide(out, {wide.data(), static_cast<std::size_t>(to - wide.data()) - kept});
    if (kept != 0) wide[0] = to[-1];
  } while (error == U_BUFFER_OVERFLOW_ERROR);
}

inline void TextDecoder::append_wide(std::string& out, std::u16string_view wide) {
  std::array<char, 3 * 1024> narrow;
  int32_t written = 0;
  UErrorCode error = U_ZERO_ERROR;
  u_strToUTF8WithSub(narrow.data(), static_cast<int32_t>(narrow.size()), &written, wide.data(),
                     static_cast<int32_t>(wide.size()), 0xfffd, nullptr, &error);
  out.append(narrow.data(), static_cast<std::size_t>(written));
}

}  // namespace fermata::dicom
