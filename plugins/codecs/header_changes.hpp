#pragma once
#include <map>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "composed_object.hpp"
#include "data_set_outline.hpp"
#include "memory.hpp"
#include "pixel_description.hpp"

namespace fermata::codecs {

/// What a header says otherwise when the encoding of its pixel data changes. Explicit VR Little Endian.
/// **Thread**: one at a time.
class HeaderChanges {
 public:
  /// Photometric Interpretation and Planar Configuration.
  void describe(const PixelDescription& before, const PixelDescription& after);
  /// Icons may be compressed as the object is, or native whatever that is (PS3.5 A.4): native they become. Those that
  /// can't be decoded are left out. `from`: the object's transfer syntax.
  void decode_icons(ObjectReader& object, std::span<const OutlinedElement> elements, std::string_view from,
                    Memory& memory);
  /// These elements, with what replaces some of them and what comes new between them; without group lengths and offset
  /// tables. To be called in the order of the data set.
  ComposedObject copy(const std::shared_ptr<ObjectReader>& object, std::span<const OutlinedElement> elements);

 private:
  std::map<dicom::Tag, std::vector<std::byte>> replacements_;  ///< encoded; empty: the element is left out
};

}  // namespace fermata::codecs
