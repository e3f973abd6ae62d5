#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "fermata/dicom/tag.hpp"

namespace fermata::archive {

/// How the elements of a data set are encoded (PS3.5 7.1 and 7.3).
enum class Encoding : uint8_t { explicit_little, implicit_little, explicit_big };

/// What a transfer syntax says about the data set as a whole (PS3.5 10 and Annex A).
struct DataSetEncoding {
  Encoding elements = Encoding::explicit_little;
  bool deflated = false;
};

/// Transfer syntaxes that nobody knows are Explicit VR Little Endian: PS3.5 10.1 asks that of every encapsulated one,
/// and the standard has promised to add no other kind.
DataSetEncoding encoding_of(std::string_view transfer_syntax_uid);

inline constexpr uint32_t kUndefinedLength = 0xffffffff;

/// Tag, Value Representation and length of one element or item, before its value.
struct ElementHeader {
  dicom::Tag tag;
  dicom::Vr vr;  ///< unset in Implicit VR and for items and delimiters
  uint32_t length = 0;
  bool undefined_length() const { return length == kUndefinedLength; }
};

inline constexpr std::size_t kShortHeader = 8;
inline constexpr std::size_t kLongHeader = 12;

/// The number of bytes of the header that begins with these eight.
/// **Errors**: Refused (not_understood) if they have no Value Representation where one is due.
std::size_t header_size(std::span<const std::byte> first_eight, Encoding encoding);

/// Decodes a complete header.
ElementHeader decode_header(std::span<const std::byte> header, Encoding encoding);

/// Binary values of any length, that is those whose bulk may be left out of a header.
bool is_binary_bulk(dicom::Vr vr);

/// Pixel Data, Float Pixel Data, Double Float Pixel Data.
bool is_pixel_data(dicom::Tag tag);

/// Width of the numbers in a value, for the change of byte order; 1 where there is none (PS3.5 7.3).
std::size_t number_width(dicom::Vr vr);

inline constexpr dicom::Tag kDataSetTrailingPadding{0xfffc, 0xfffc};

}  // namespace fermata::archive
