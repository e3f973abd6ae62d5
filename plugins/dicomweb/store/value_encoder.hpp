#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "attribute_dictionary.hpp"
#include "fermata/dicom/tag.hpp"

namespace fermata::dicomweb {

/// One value as JSON or XML has it. Numbers come as the characters they were written with.
struct TextValue {
  enum class Kind : uint8_t { none, text, number };
  Kind kind = Kind::none;
  std::string_view text;
};

/// The value field in Explicit VR Little Endian, not padded.
///
/// Numbers may be written as text and text as numbers, as clients do; an absent value among floating point numbers is
/// NaN. **Errors**: invalid (what can't be a value of `vr`; its text names no values).
std::vector<std::byte> encode_values(dicom::Vr vr, std::span<const TextValue> values);

/// The Value Representation that `given` means: its two letters, or one of the names of an undecided one ("xs", "US or
/// SS"). Where it is empty, the dictionary decides. `negative`: one of the values is. **Errors**: invalid (no such
/// Value Representation).
dicom::Vr resolve_vr(std::string_view given, dicom::Tag tag, std::string_view private_creator,
                     const AttributeDictionary& dictionary, bool negative);

/// RFC 4648 4, with or without padding and white space. Nothing where it is none.
std::optional<std::vector<std::byte>> decode_base64(std::string_view text);

/// Eight hexadecimal digits.
std::optional<dicom::Tag> parse_tag(std::string_view text);

}  // namespace fermata::dicomweb
