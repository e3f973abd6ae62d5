#pragma once
#include <string>
#include <vector>

#include "fermata/dicom/editable_data_set.hpp"
#include "stored_worklist.hpp"

namespace fermata::worklist::testing {

using dicom::EditableDataSet;
using dicom::Tag;

/// A data set that has what an item needs.
struct Sample {
  std::string patient_name = "DOE^JANE";
  std::string patient_id = "4711";
  std::string accession_number = "A1";
  std::string station = "CT1";
  std::string modality = "CT";
  std::string date = "20240131";
  std::string time = "081500";
  std::string step_id = "S1";
  std::string status;

  EditableDataSet step() const {
    EditableDataSet step;
    step.set(dicom::kModality, "CS", modality);
    step.set(Tag(0x0040, 0x0001), "AE", station);
    step.set(Tag(0x0040, 0x0002), "DA", date);
    if (!time.empty()) step.set(Tag(0x0040, 0x0003), "TM", time);
    if (!step_id.empty()) step.set(Tag(0x0040, 0x0009), "SH", step_id);
    if (!status.empty()) step.set(Tag(0x0040, 0x0020), "CS", status);
    return step;
  }
  EditableDataSet data_set() const {
    EditableDataSet data_set;
    data_set.set(dicom::kPatientName, "PN", patient_name);
    data_set.set(dicom::kPatientId, "LO", patient_id);
    if (!accession_number.empty()) data_set.set(dicom::kAccessionNumber, "SH", accession_number);
    const std::vector<EditableDataSet> steps{step()};
    data_set.set_items(Tag(0x0040, 0x0100), steps);
    return data_set;
  }
  std::vector<std::byte> bytes() const { return data_set().bytes(); }
};

/// Keys of a query: at the top, and in the step.
struct Keys {
  EditableDataSet top;
  EditableDataSet of_step;
  Keys& set(Tag tag, dicom::Vr vr, std::string_view value) {
    top.set(tag, vr, value);
    return *this;
  }
  Keys& step(Tag tag, dicom::Vr vr, std::string_view value) {
    of_step.set(tag, vr, value);
    return *this;
  }
  std::vector<std::byte> bytes() const {
    auto all = top;
    const std::vector<EditableDataSet> steps{of_step};
    all.set_items(Tag(0x0040, 0x0100), steps);
    return all.bytes();
  }
};

inline EditableDataSet step_of(dicom::DataSetView data_set) {
  return EditableDataSet(data_set).first_item(Tag(0x0040, 0x0100));
}

inline std::vector<std::string> ids(WorklistCursor& cursor) {
  std::vector<std::string> list;
  for (WorklistItem item; cursor.next(item);) list.emplace_back(item.id);
  return list;
}

}  // namespace fermata::worklist::testing
