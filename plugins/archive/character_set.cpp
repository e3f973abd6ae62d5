#include "character_set.hpp"

#include <unicode/ucnv.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>
#include <vector>

namespace fermata::archive {
namespace {

using Codec = CharacterSet::Codec;
using LowHalf = CharacterSet::LowHalf;
using Graphics = CharacterSet::Graphics;

constexpr std::string_view kReplacement = "\xef\xbf\xbd";
constexpr char kEscape = '\x1b';

/// By the number of Codec; the names are ICU's.
constexpr std::array kConverterNames = {
    "",           "ISO-8859-1", "ISO-8859-2", "ISO-8859-3", "ISO-8859-4",  "ISO-8859-5",
    "ISO-8859-6", "ISO-8859-7", "ISO-8859-8", "ISO-8859-9", "ISO-8859-15", "TIS-620",
    "EUC-JP",     "EUC-JP",     "EUC-KR",     "gb18030",    "UTF-8"};

struct Term {
  std::string_view number;  ///< of the ISO registration, as in ISO_IR 100 and ISO 2022 IR 100
  Codec g1;
};
constexpr Term kTerms[] = {{"100", Codec::latin1}, {"101", Codec::latin2},   {"109", Codec::latin3},
                           {"110", Codec::latin4}, {"144", Codec::cyrillic}, {"127", Codec::arabic},
                           {"126", Codec::greek},  {"138", Codec::hebrew},   {"148", Codec::latin5},
                           {"203", Codec::latin9}, {"166", Codec::thai},     {"13", Codec::kana},
                           {"149", Codec::korean}, {"58", Codec::chinese}};

struct Escape {
  std::string_view sequence;  ///< after ESC
  bool low;
  LowHalf g0;
  Codec g1;
};
constexpr Escape kEscapes[] = {{"(B", true, LowHalf::ascii, {}},       {"(J", true, LowHalf::ascii, {}},
                               {"$B", true, LowHalf::jis_x_0208, {}},  {"$@", true, LowHalf::jis_x_0208, {}},
                               {"$(D", true, LowHalf::jis_x_0212, {}}, {")I", false, {}, Codec::kana},
                               {"$)C", false, {}, Codec::korean},      {"$)A", false, {}, Codec::chinese},
                               {"-A", false, {}, Codec::latin1},       {"-B", false, {}, Codec::latin2},
                               {"-C", false, {}, Codec::latin3},       {"-D", false, {}, Codec::latin4},
                               {"-L", false, {}, Codec::cyrillic},     {"-G", false, {}, Codec::arabic},
                               {"-F", false, {}, Codec::greek},        {"-H", false, {}, Codec::hebrew},
                               {"-M", false, {}, Codec::latin5},       {"-b", false, {}, Codec::latin9},
                               {"-T", false, {}, Codec::thai}};

struct CloseConverter {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};

UConverter* converter(Codec codec) {
  thread_local std::array<std::unique_ptr<UConverter, CloseConverter>, kConverterNames.size()> cache;
  auto& entry = cache[static_cast<std::size_t>(codec)];
  if (!entry) {
    UErrorCode error = U_ZERO_ERROR;
    entry.reset(ucnv_open(kConverterNames[static_cast<std::size_t>(codec)], &error));
  }
  return entry.get();
}

bool high(char c) { return static_cast<unsigned char>(c) >= 0x80; }
bool line_break(char c) { return c == '\n' || c == '\r' || c == '\f' || c == '\t'; }

void append_utf16(const std::vector<UChar>& text, int32_t length, std::string& out) {
  std::vector<char> utf8(static_cast<std::size_t>(length) * 3 + 1);
  int32_t written = 0;
  UErrorCode error = U_ZERO_ERROR;
  u_strToUTF8WithSub(utf8.data(), static_cast<int32_t>(utf8.size()), &written, text.data(), length, 0xfffd, nullptr,
                     &error);
  if (U_SUCCESS(error)) out.append(utf8.data(), static_cast<std::size_t>(written));
}

void append_converted(std::string_view bytes, Codec codec, std::string& out) {
  auto* from = converter(codec);
  if (from == nullptr) {
    out += kReplacement;
    return;
  }
  constexpr std::size_t kPiece = 1 << 20;
  std::vector<UChar> utf16(std::min(bytes.size(), kPiece) * 2 + 16);
  ucnv_resetToUnicode(from);
  const char* source = bytes.data();
  const char* const end = source + bytes.size();
  UErrorCode error = U_BUFFER_OVERFLOW_ERROR;
  while (error == U_BUFFER_OVERFLOW_ERROR) {
    error = U_ZERO_ERROR;
    UChar* target = utf16.data();
    ucnv_toUnicode(from, &target, target + utf16.size() - 2, &source, end, nullptr, true, &error);
    append_utf16(utf16, static_cast<int32_t>(target - utf16.data()), out);
  }
  if (U_FAILURE(error)) out += kReplacement;
}

bool valid_utf8(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    UChar32 c = 0;
    U8_NEXT(text.data(), i, text.size(), c);
    if (c < 0) return false;
  }
  return true;
}

std::string repaired_utf8(std::string_view text) {
  std::string out;
  std::size_t i = 0;
  while (i < text.size()) {
    const std::size_t start = i;
    UChar32 c = 0;
    U8_NEXT(text.data(), i, text.size(), c);
    out += c < 0 ? kReplacement : text.substr(start, i - start);
  }
  return out;
}

void append_undeclared(std::string_view text, std::string& out) {
  if (valid_utf8(text))
    out += text;
  else
    append_converted(text, Codec::latin1, out);
}

const Escape* find_escape(std::string_view after_escape) {
  for (const auto& escape : kEscapes)
    if (after_escape.substr(0, escape.sequence.size()) == escape.sequence) return &escape;
  return nullptr;
}

bool ends_effect(char c, Delimiters delimiters) {
  if (line_break(c)) return true;
  switch (delimiters) {
    case Delimiters::lines:
      return false;
    case Delimiters::values:
      return c == '\\';
    case Delimiters::name_components:
      return c == '\\' || c == '^' || c == '=';
  }
  return false;
}

std::size_t run_of_high(std::string_view text) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), high) - text.begin());
}

/// Katakana of JIS X 0201 as EUC-JP has them.
std::string euc_kana(std::string_view run) {
  std::string euc;
  for (const char c : run) {
    euc += '\x8e';
    euc += c;
  }
  return euc;
}

/// A character of two bytes that stand in the low half of the code table, as EUC-JP has it.
std::string euc_pair(std::string_view pair, LowHalf g0) {
  std::string euc;
  if (g0 == LowHalf::jis_x_0212) euc += '\x8f';
  for (const char c : pair) euc += static_cast<char>(c | '\x80');
  return euc;
}

bool in_pair(char c) { return c >= 0x21 && c <= 0x7e; }

std::size_t run_of_pairs(std::string_view text) {
  std::size_t length = 0;
  while (length + 1 < text.size() && in_pair(text[length]) && in_pair(text[length + 1])) length += 2;
  return length;
}

void append_high(std::string_view run, Codec g1, std::string& out) {
  if (g1 == Codec::none)
    append_undeclared(run, out);
  else if (g1 == Codec::kana)
    append_converted(euc_kana(run), Codec::japanese, out);
  else
    append_converted(run, g1, out);
}

void append_pairs(std::string_view run, LowHalf g0, std::string& out) {
  std::string euc;
  for (std::size_t i = 0; i < run.size(); i += 2) euc += euc_pair(run.substr(i, 2), g0);
  append_converted(euc, Codec::japanese, out);
}

std::string normalised(std::string_view term) {
  std::string out;
  for (const char c : term)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      out += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

}  // namespace

CharacterSet::CharacterSet(std::string_view declared) {
  while (!declared.empty()) {
    const auto end = std::min(declared.find('\\'), declared.size());
    declare(declared.substr(0, end));
    declared.remove_prefix(std::min(end + 1, declared.size()));
  }
}

/// The first term that has a G1 part is what bytes above 127 mean before any escape sequence. Strictly that is the
/// first term only, but senders of Korean and Chinese leave the escape sequence out.
void CharacterSet::declare(std::string_view term) {
  const auto name = normalised(term);
  if (name == "ISOIR192" || name == "ISO2022IR192" || name == "UTF8") whole_ = Codec::utf8;
  if (name == "GB18030" || name == "GBK") whole_ = Codec::chinese;
  const auto ir = name.find("IR");
  if (initial_.g1 != Codec::none || name.compare(0, 3, "ISO") != 0 || ir == std::string::npos) return;
  for (const auto& known : kTerms)
    if (std::string_view(name).substr(ir + 2) == known.number) initial_.g1 = known.g1;
}

bool CharacterSet::plain(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return high(c) || c == kEscape; });
}

std::string CharacterSet::decode(std::string_view text, Delimiters delimiters) const {
  if (plain(text)) return std::string(text);
  if (whole_ == Codec::utf8) return repaired_utf8(text);
  if (text.find(kEscape) == std::string_view::npos) {
    std::string out;
    if (whole_ != Codec::none)
      append_converted(text, whole_, out);
    else if (initial_.g1 == Codec::none)
      append_undeclared(text, out);
    else
      return decode_extended(text, delimiters);
    return out;
  }
  return decode_extended(text, delimiters);
}

std::string CharacterSet::decode_extended(std::string_view text, Delimiters delimiters) const {
  Graphics initial = initial_;
  if (initial.g1 == Codec::none) initial.g1 = whole_;
  Graphics now = initial;
  std::string out;
  while (!text.empty()) {
    std::size_t used = 1;
    if (text[0] == kEscape) {
      const auto* escape = find_escape(text.substr(1));
      if (escape == nullptr) {
        out += kReplacement;
      } else {
        (escape->low ? void(now.g0 = escape->g0) : void(now.g1 = escape->g1));
        used += escape->sequence.size();
      }
    } else if (high(text[0])) {
      used = run_of_high(text);
      append_high(text.substr(0, used), now.g1, out);
    } else if (now.g0 != LowHalf::ascii && in_pair(text[0])) {
      used = run_of_pairs(text);
      append_pairs(text.substr(0, used), now.g0, out);
      if (used == 0) {
        out += kReplacement;
        used = 1;
      }
    } else {
      out += text[0];
      if (ends_effect(text[0], delimiters)) now = initial;
    }
    text.remove_prefix(used);
  }
  return out;
}

}  // namespace fermata::archive
