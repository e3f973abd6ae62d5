#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/dicom/tag.hpp"

namespace fermata::dicomweb {

/// The attributes of PS3.6 by tag and by keyword, and the private ones that DCMTK knows.
///
/// Made once: it copies the standard's part of DCMTK's dictionary, in which a keyword can't be found quickly.
/// **Thread**: any. **Ownership**: views live as long as the dictionary. **Errors**: unavailable (DCMTK has found no
/// dictionary).
class AttributeDictionary {
 public:
  AttributeDictionary();
  AttributeDictionary(const AttributeDictionary&) = delete;
  AttributeDictionary& operator=(const AttributeDictionary&) = delete;

  /// By keyword, as in "PatientName"; of a repeating group (PS3.5 7.6) its first.
  std::optional<dicom::Tag> tag(std::string_view keyword) const;
  /// Empty where there is none: private attributes and unknown ones.
  std::string_view keyword(dicom::Tag tag) const;
  /// UN where the attribute is unknown. Of several Value Representations the one that holds any value, so "US or SS" is
  /// US and "OB or OW" is OW. `private_creator` is for tags of odd groups.
  dicom::Vr vr(dicom::Tag tag, std::string_view private_creator = {}) const;

 private:
  struct Attribute {
    uint32_t tag;
    uint32_t last_group;  ///< of a repeating group; otherwise the tag's own
    dicom::Vr vr;
    std::string keyword;
  };

  const Attribute* find(dicom::Tag tag) const;

  std::vector<Attribute> attributes_;  ///< by tag
  std::vector<Attribute> repeating_;   ///< few
  std::vector<const Attribute*> by_keyword_;
};

}  // namespace fermata::dicomweb
