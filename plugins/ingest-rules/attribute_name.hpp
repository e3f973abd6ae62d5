#pragma once
#include <string_view>

#include "fermata/dicom/tag.hpp"

namespace fermata::ingest_rules {

/// A top-level attribute that a rule names.
struct Attribute {
  dicom::Tag tag;
  dicom::Vr vr;        ///< LO where the dictionary does not have it
  bool known = false;  ///< the dictionary has it
};

/// What a rule calls `PatientID`, `(0010,0020)`, `0010,0020` or `00100020`.
/// **Errors**: invalid, with the nearest way to write it.
Attribute attribute_named(std::string_view name);

}  // namespace fermata::ingest_rules
