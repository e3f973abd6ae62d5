#include "store/value_encoder.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <concepts>
#include <limits>
#include <string>

#include "fermata/dicom/json_value.hpp"
#include "fermata/error.hpp"

namespace fermata::dicomweb {
namespace {

using dicom::Tag;
using dicom::Vr;
using Kind = TextValue::Kind;

constexpr std::size_t kLongestDecimalString = 16;  // PS3.5 6.2

[[noreturn]] void fail(std::size_t index, Vr vr, const char* why) {
  throw Error(Code::invalid,
              "value " + std::to_string(index + 1) + " can't be " + vr.first() + vr.second() + ": " + why);
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return text;
}

std::optional<double> parse_float(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);  // knows inf and nan, too
  if (end != text.data() + text.size() || text.empty()) return {};
  if (error == std::errc::result_out_of_range) return {};
  return number;
}

template <std::integral Integer>
std::optional<Integer> parse_integer(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  Integer number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size()) return number;
  const auto real = parse_float(text);  // 5.0, 1e3
  if (!real || std::trunc(*real) != *real) return {};
  const double low = static_cast<double>(std::numeric_limits<Integer>::min());
  const double high = std::ldexp(1.0, std::numeric_limits<Integer>::digits);
  if (*real < low || *real >= high) return {};
  return static_cast<Integer>(*real);
}

template <class Bits>
void put(std::vector<std::byte>& to, Bits bits) {
  for (std::size_t i = 0; i < sizeof bits; ++i) to.push_back(static_cast<std::byte>(bits >> (8 * i) & 0xff));
}

template <std::integral Integer>
void put_integer(std::vector<std::byte>& to, Vr vr, std::size_t index, const TextValue& value) {
  if (value.kind == Kind::none) fail(index, vr, "it is missing");
  const auto number = parse_integer<Integer>(value.text);
  if (!number) fail(index, vr, "it is no such number, or out of range");
  put(to, static_cast<std::make_unsigned_t<Integer>>(*number));
}

template <class Float, class Bits>
void put_float(std::vector<std::byte>& to, Vr vr, std::size_t index, const TextValue& value) {
  const auto number = value.kind == Kind::none ? std::numeric_limits<double>::quiet_NaN() : parse_float(value.text);
  if (!number) fail(index, vr, "it is no number");
  const auto rounded = static_cast<Float>(*number);
  if (std::isinf(rounded) && !std::isinf(*number)) fail(index, vr, "it is out of range");
  put(to, std::bit_cast<Bits>(rounded));
}

void put_tag(std::vector<std::byte>& to, std::size_t index, const TextValue& value) {
  const auto tag = value.kind == Kind::text ? parse_tag(trimmed(value.text)) : std::optional<Tag>{};
  if (!tag) fail(index, "AT", "it has not eight hexadecimal digits");
  put(to, tag->group());
  put(to, tag->element());
}

/// A JSON number with more digits than a Decimal String has room for is rounded.
std::string decimal_string(const TextValue& value) {
  if (value.kind != Kind::number || value.text.size() <= kLongestDecimalString) return std::string(value.text);
  const auto number = parse_float(value.text);
  if (!number) return std::string(value.text);
  std::array<char, 64> digits;
  for (int precision = 17; precision > 0; --precision) {
    const auto end =
        std::to_chars(digits.data(), digits.data() + digits.size(), *number, std::chars_format::general, precision).ptr;
    const std::string_view text(digits.data(), end);
    if (text.size() <= kLongestDecimalString) return std::string(text);
  }
  return std::string(value.text);
}

std::string integer_string(std::size_t index, const TextValue& value) {
  if (value.kind != Kind::number) return std::string(value.text);
  const auto number = parse_integer<int64_t>(value.text);
  if (!number) fail(index, "IS", "it is no integer");
  return std::to_string(*number);
}

std::vector<std::byte> join(Vr vr, std::span<const TextValue> values) {
  std::string text;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i != 0) text += '\\';
    if (values[i].kind == Kind::none) continue;
    if (vr == Vr("DS"))
      text += decimal_string(values[i]);
    else if (vr == Vr("IS"))
      text += integer_string(i, values[i]);
    else
      text += values[i].text;
  }
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

}  // namespace

std::vector<std::byte> encode_values(Vr vr, std::span<const TextValue> values) {
  if (vr.is_string()) return join(vr, values);
  std::vector<std::byte> bytes;
  if (std::all_of(values.begin(), values.end(),
                  [](const TextValue& v) { return v.kind == Kind::none || v.text.empty(); }))
    return bytes;
  for (std::size_t i = 0; i < values.size(); ++i) {
    switch (vr.code) {
      case Vr("US").code:
        put_integer<uint16_t>(bytes, vr, i, values[i]);
        break;
      case Vr("SS").code:
        put_integer<int16_t>(bytes, vr, i, values[i]);
        break;
      case Vr("UL").code:
        put_integer<uint32_t>(bytes, vr, i, values[i]);
        break;
      case Vr("SL").code:
        put_integer<int32_t>(bytes, vr, i, values[i]);
        break;
      case Vr("UV").code:
        put_integer<uint64_t>(bytes, vr, i, values[i]);
        break;
      case Vr("SV").code:
        put_integer<int64_t>(bytes, vr, i, values[i]);
        break;
      case Vr("FL").code:
        put_float<float, uint32_t>(bytes, vr, i, values[i]);
        break;
      case Vr("FD").code:
        put_float<double, uint64_t>(bytes, vr, i, values[i]);
        break;
      case Vr("AT").code:
        put_tag(bytes, i, values[i]);
        break;
      default:
        fail(i, vr, "binary values come as InlineBinary or by reference");
    }
  }
  return bytes;
}

Vr resolve_vr(std::string_view given, Tag tag, std::string_view private_creator, const AttributeDictionary& dictionary,
              bool negative) {
  if (given.size() == 2) {
    const Vr vr(given[0], given[1]);
    if (vr == Vr("UN") || dicom::json::vr_to_write(vr) != Vr("UN")) return vr;
  }
  constexpr std::array<std::string_view, 8> undecided{"",   "xs",       "ox",       "lt",
                                                      "px", "US or SS", "OB or OW", "US or SS or OW"};
  if (std::find(undecided.begin(), undecided.end(), given) == undecided.end())
    throw Error(Code::invalid, "there is no such Value Representation");
  Vr vr = dictionary.vr(tag, private_creator);
  if (vr == Vr("UN") && given == "xs") vr = "US";
  if (vr == Vr("US") && negative) vr = "SS";
  return vr;
}

std::optional<std::vector<std::byte>> decode_base64(std::string_view text) {
  const auto digit = [](char c) -> int {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+') return 62;
    if (c == '/') return 63;
    return -1;
  };
  std::vector<std::byte> bytes;
  bytes.reserve(text.size() / 4 * 3);
  uint32_t bits = 0;
  unsigned count = 0;
  bool padded = false;
  for (const char c : text) {
    if (c == ' ' || c == '\n' || c == '\r' || c == '\t') continue;
    if (c == '=') {
      padded = true;
      continue;
    }
    const int value = digit(c);
    if (value < 0 || padded) return {};
    bits = bits << 6 | static_cast<uint32_t>(value);
    if (++count % 4 == 0)
      for (int shift = 16; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::byte>(bits >> shift & 0xff));
  }
  if (count % 4 == 1) return {};
  if (count % 4 >= 2) bytes.push_back(static_cast<std::byte>(bits >> (count % 4 == 2 ? 4 : 10) & 0xff));
  if (count % 4 == 3) bytes.push_back(static_cast<std::byte>(bits >> 2 & 0xff));
  return bytes;
}

std::optional<Tag> parse_tag(std::string_view text) {
  uint32_t value = 0;
  if (text.size() != 8 || text.front() == '-' || text.front() == '+') return {};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return Tag(value);
}

}  // namespace fermata::dicomweb
