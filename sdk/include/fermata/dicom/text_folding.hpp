#pragma once
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include <string>
#include <string_view>

#include "fermata/dicom/character_repertoire.hpp"
#include "fermata/error.hpp"

namespace fermata::dicom {

namespace detail {

inline std::string ascii_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

inline void check_icu(UErrorCode code) {
  if (U_FAILURE(code)) throw Error(Code::internal, std::string("ICU can't fold text: ") + u_errorName(code));
}
/// Calls an ICU function that fills a buffer, a second time where the first guess at the length was too short.
template <class Text, class F>
Text icu_fill(std::size_t guess, F&& fill) {
  Text out(guess, 0);
  UErrorCode code = U_ZERO_ERROR;
  int32_t length = fill(out.data(), static_cast<int32_t>(out.size()), &code);
  if (code == U_BUFFER_OVERFLOW_ERROR) {
    out.resize(static_cast<std::size_t>(length));
    code = U_ZERO_ERROR;
    length = fill(out.data(), static_cast<int32_t>(out.size()), &code);
  }
  check_icu(code);
  out.resize(static_cast<std::size_t>(length));
  return out;
}
inline std::u16string normalised(const UNormalizer2* form, const std::u16string& text) {
  return icu_fill<std::u16string>(text.size() * 2 + 8, [&](char16_t* out, int32_t size, UErrorCode* code) {
    return unorm2_normalize(form, text.data(), static_cast<int32_t>(text.size()), out, size, code);
  });
}
template <class F>
const UNormalizer2* normaliser(F&& instance) {
  UErrorCode code = U_ZERO_ERROR;
  const UNormalizer2* form = instance(&code);
  check_icu(code);
  return form;
}

/// Marks that people leave out when they type a name. The dakuten of kana and the vowel signs of Indic and Thai scripts
/// are nonspacing marks too, but without them it is another name.
inline bool is_optional_mark(UChar32 c) {
  if (u_charType(c) != U_NON_SPACING_MARK) return false;
  const bool diacritic = (c >= 0x0300 && c <= 0x036f) || (c >= 0x1ab0 && c <= 0x1aff) || (c >= 0x1dc0 && c <= 0x1dff);
  const bool hebrew_point = c >= 0x0591 && c <= 0x05c7;
  const bool arabic_sign = (c >= 0x064b && c <= 0x065f) || c == 0x0670;
  return diacritic || hebrew_point || arabic_sign;
}
/// Latin letters that Unicode does not take apart into a letter and a mark, but a keyboard without them does.
inline const char16_t* plain_letters(UChar32 c) {
  switch (c) {
    case 0x00e6:
      return u"ae";  // æ
    case 0x00f0:
      return u"d";  // ð
    case 0x00f8:
      return u"o";  // ø
    case 0x00fe:
      return u"th";  // þ
    case 0x0111:
      return u"d";  // đ
    case 0x0127:
      return u"h";  // ħ
    case 0x0131:
      return u"i";  // ı
    case 0x0142:
      return u"l";  // ł
    case 0x0153:
      return u"oe";  // œ
    default:
      return nullptr;
  }
}
inline std::u16string without_marks(const std::u16string& decomposed) {
  std::u16string out;
  out.reserve(decomposed.size());
  for (int32_t i = 0, size = static_cast<int32_t>(decomposed.size()); i < size;) {
    const int32_t start = i;
    UChar32 c = 0;
    U16_NEXT(decomposed.data(), i, size, c);
    if (is_optional_mark(c)) continue;
    if (const char16_t* plain = plain_letters(c))
      out += plain;
    else
      out.append(decomposed, static_cast<std::size_t>(start), static_cast<std::size_t>(i - start));
  }
  return out;
}

}  // namespace detail

/// Text in the form in which names are compared: lower case by full case folding (`ß` is `ss`), without accents, wide
/// and narrow forms of letters and kana alike, composed (NFC) so that one character is one code point. Malformed UTF-8
/// becomes U+FFFD.
///
/// **Thread**: any. **Errors**: internal (ICU lacks its data).
inline std::string fold(std::string_view text) {
  using namespace detail;
  if (is_ascii(text)) return ascii_lower(text);
  const auto utf16 = icu_fill<std::u16string>(text.size(), [&](char16_t* out, int32_t size, UErrorCode* code) {
    int32_t length = 0;
    u_strFromUTF8WithSub(out, size, &length, text.data(), static_cast<int32_t>(text.size()), 0xfffd, nullptr, code);
    return length;
  });
  const auto folded = normalised(normaliser(unorm2_getNFKCCasefoldInstance), utf16);
  const auto plain = without_marks(normalised(normaliser(unorm2_getNFDInstance), folded));
  const auto composed = normalised(normaliser(unorm2_getNFCInstance), plain);
  return icu_fill<std::string>(composed.size() * 3, [&](char* out, int32_t size, UErrorCode* code) {
    int32_t length = 0;
    u_strToUTF8(out, size, &length, composed.data(), static_cast<int32_t>(composed.size()), code);
    return length;
  });
}

}  // namespace fermata::dicom
