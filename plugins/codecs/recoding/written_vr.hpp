#pragma once
#include <dcmtk/config/osconfig.h>

#include <cstddef>
#include <optional>

#include <dcmtk/dcmdata/dcvr.h>

#include "fermata/dicom/tag.hpp"

namespace fermata::codecs {

/// What stands where an explicit transfer syntax has the Value Representation.
struct WrittenVr {
  dicom::Vr vr;
  bool long_length = false;  ///< 32 bits, after two bytes that say nothing
};

/// Empty: nothing that could stand there. As the archive takes it: one that is not known yet is UN with a length of 32
/// bits (PS3.5 6.2), and so is, with one of 16 bits, what some senders write where they know none.
inline std::optional<WrittenVr> written_vr(std::byte first, std::byte second) {
  const auto letter = [](std::byte b) { return b >= std::byte{'A'} && b <= std::byte{'Z'}; };
  const auto placeholder = [](std::byte b) {
    return b == std::byte{0} || b == std::byte{' '} || b == std::byte{'?'} || b == std::byte{'-'};
  };
  if (placeholder(first) && placeholder(second)) return WrittenVr{"UN", false};
  if (!letter(first) || !letter(second)) return {};
  const dicom::Vr vr(static_cast<char>(first), static_cast<char>(second));
  if (vr.has_long_length()) return WrittenVr{vr, true};
  const char name[] = {vr.first(), vr.second(), '\0'};
  if (!DcmVR(name).isStandard()) return WrittenVr{"UN", true};
  return WrittenVr{vr, false};
}

}  // namespace fermata::codecs
