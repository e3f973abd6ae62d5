#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dicom/tag.hpp"

namespace fermata::ingest_rules {

/// A top-level attribute that a rule names.
struct Attribute {
  dicom::Tag tag;       ///< of a private one with the block 10: which one it has differs from object to object
  dicom::Vr vr;         ///< LO where the dictionary does not have it
  std::string creator;  ///< whose private attribute it is (PS3.5 7.8.1); empty: the standard's
  bool known = false;   ///< the dictionary has it

  bool is_private() const { return !creator.empty(); }
  /// Where it stands in this object. None: its creator has reserved no block there.
  std::optional<dicom::Tag> tag_in(dicom::DataSetView header) const;
};

/// What a rule calls `PatientID`, `(0010,0020)`, `0010,0020`, `00100020` or `(0019,"ACME 1.1",01)`.
/// **Errors**: invalid, with the nearest way to write it.
Attribute attribute_named(std::string_view name);

}  // namespace fermata::ingest_rules
