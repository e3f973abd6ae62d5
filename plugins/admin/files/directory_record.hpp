#pragma once
#include <span>
#include <string_view>
#include <vector>

#include "fermata/dicom/data_set_view.hpp"

namespace fermata::admin {

/// The kind of a record in a DICOMDIR, and the attributes that it takes from an object (PS3.3 F.5), ascending.
struct RecordType {
  std::string_view name;
  std::vector<dicom::Tag> keys;
};

const RecordType& patient_record();
const RecordType& study_record();
const RecordType& series_record();
/// For objects of this SOP class; an IMAGE where it is not known to be something else.
const RecordType& instance_record(std::string_view sop_class_uid);

}  // namespace fermata::admin
