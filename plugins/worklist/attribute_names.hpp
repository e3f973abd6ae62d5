#pragma once
#include <optional>
#include <string_view>

#include "fermata/dicom/tag.hpp"

namespace fermata::worklist {

struct NamedAttribute {
  dicom::Tag tag;
  dicom::Vr vr;
};

/// The attribute of a keyword of PS3.6 such as PatientName, or of a tag: 00100010, 0010,0010 or (0010,0010). Empty if
/// the data dictionary has none.
std::optional<NamedAttribute> attribute_named(std::string_view name);

}  // namespace fermata::worklist
