#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/dicom/editable_data_set.hpp"

namespace fermata::mpps {

/// One Modality Performed Procedure Step and its state machine (PS3.4 F.1.4): IN PROGRESS, then COMPLETED or
/// DISCONTINUED, and no change after that.
///
/// **Thread**: a value. **Errors**: Refusal, with the status that the modality gets.
class PerformedStep {
 public:
  static constexpr std::string_view kInProgress = "IN PROGRESS";
  static constexpr std::string_view kCompleted = "COMPLETED";
  static constexpr std::string_view kDiscontinued = "DISCONTINUED";

  /// Who says so, and when.
  struct Occasion {
    std::string ae_title;
    int64_t now_us = 0;  ///< microseconds since 1970
  };

  /// N-CREATE. What a modality left out and can be told from the occasion is added.
  static PerformedStep create(std::string sop_instance_uid, dicom::DataSetView attributes, const Occasion& occasion);
  /// N-SET. Attributes that must not change, but that many modalities send again, are passed over.
  void set(dicom::DataSetView attributes, const Occasion& occasion);

  bool finished() const { return state() != kInProgress; }
  std::string_view state() const;
  std::string study_instance_uid() const;
  /// SOP Instance UIDs that the performed series name.
  std::vector<std::string> instances() const;
  /// Attributes of Type 1 that it should have by now and has not, for the log.
  std::vector<std::string_view> left_out() const;

  std::string sop_instance_uid;
  std::string ae_title;  ///< of the modality
  int64_t created_us = 0;
  int64_t changed_us = 0;
  std::vector<std::string> worklist_items;  ///< ids
  dicom::EditableDataSet data_set;          ///< UTF-8
};

}  // namespace fermata::mpps
