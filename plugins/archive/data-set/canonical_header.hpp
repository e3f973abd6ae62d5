#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data-set/element_header.hpp"

namespace fermata::archive {

/// Brings captured elements into the form of InstanceRecord::header: Explicit VR Little Endian, UTF-8, ascending tags,
/// sequences and items with defined length, no group lengths.
///
/// - Value Representations come from the data dictionary where the encoding has none or says UN; they stay UN where the
///   dictionary doesn't know better, and where a value is too long for its Value Representation (PS3.5 6.2.2).
/// - (0008,0005) is ISO_IR 192 if a character set was declared or anything is not ASCII, else absent. It is dropped
/// from
///   items: what they hold is UTF-8 now.
/// - Of two elements with one tag the first stays.
/// - Encapsulated values within sequences keep their fragments, and their undefined length.
///
/// **Thread**: any. **Errors**: Refused (not_understood, too_large, the latter also where they become more than
/// `largest` bytes).
struct CanonicalHeader {
  std::vector<std::byte> bytes;
  std::string character_set;  ///< (0008,0005) as it was declared
};
CanonicalHeader canonical_header(std::span<const std::byte> elements, Encoding encoding, uint64_t largest = UINT64_MAX);

/// The same for elements that continue a data set: their text is in its character set, and none is declared anew.
std::vector<std::byte> canonical_continuation(std::span<const std::byte> elements, Encoding encoding,
                                              std::string_view character_set);

}  // namespace fermata::archive
