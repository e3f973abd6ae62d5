#pragma once
#include <algorithm>
#include <cstddef>
#include <span>

#include "fermata/dicom/tag.hpp"

namespace fermata::codecs {

/// The bytes of one number in a value: what byte order is about (PS3.5 7.3).
constexpr unsigned word_size(dicom::Vr vr) {
  using dicom::Vr;
  if (vr == Vr("US") || vr == Vr("SS") || vr == Vr("OW") || vr == Vr("AT")) return 2;
  if (vr == Vr("UL") || vr == Vr("SL") || vr == Vr("FL") || vr == Vr("OF") || vr == Vr("OL")) return 4;
  if (vr == Vr("FD") || vr == Vr("OD") || vr == Vr("SV") || vr == Vr("UV") || vr == Vr("OV")) return 8;
  return 1;
}

/// Whole words only; what is left at the end stays.
inline void reverse_words(std::span<std::byte> bytes, std::size_t word) {
  for (std::size_t at = 0; at + word <= bytes.size(); at += word)
    std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                 bytes.begin() + static_cast<std::ptrdiff_t>(at + word));
}

}  // namespace fermata::codecs
