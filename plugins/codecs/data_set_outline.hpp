#pragma once
#include <cstdint>
#include <vector>

#include "fermata/archive.hpp"
#include "fermata/dicom/tag.hpp"

namespace fermata::codecs {

/// Where one top-level element of an object is.
struct OutlinedElement {
  dicom::Tag tag;
  dicom::Vr vr;
  uint64_t begin = 0;  ///< of its header
  uint64_t value = 0;
  uint64_t end = 0;  ///< after its value, and after its delimiter where it has one
  bool undefined_length = false;
  uint64_t length() const { return end - value; }
};

/// The top-level elements of an object in Explicit VR Little Endian, in their order; values are passed by unread.
/// Padding zeros at the end are no element.
/// **Errors**: Error corrupt (no such data set, or cut short), unsupported (more elements than any object has).
std::vector<OutlinedElement> outline(ObjectReader& object);

}  // namespace fermata::codecs
