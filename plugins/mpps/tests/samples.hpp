#pragma once
#include <memory>
#include <string>
#include <vector>

#include "fermata/dicom/editable_data_set.hpp"
#include "fermata/dimse_services.hpp"
#include "performed_step.hpp"
#include "refusal.hpp"

namespace fermata::mpps::testing {

using dicom::EditableDataSet;
using dicom::Tag;

inline constexpr Tag kStatus{0x0040, 0x0252};
inline constexpr Tag kScheduled{0x0040, 0x0270};
inline constexpr Tag kSeries{0x0040, 0x0340};
inline constexpr Tag kStepId{0x0040, 0x0009};
inline const PerformedStep::Occasion kOccasion{"CT1", 1'700'000'000'000'000};

/// What a modality sends with N-CREATE.
inline EditableDataSet begun(const std::string& study = "1.2.3", const std::string& step_id = "S1") {
  EditableDataSet scheduled;
  scheduled.set(dicom::kStudyInstanceUid, "UI", study);
  scheduled.set(dicom::kAccessionNumber, "SH", "A1");
  scheduled.set(kStepId, "SH", step_id);
  EditableDataSet step;
  const std::vector<EditableDataSet> items{scheduled};
  step.set_items(kScheduled, items);
  step.set(kStatus, "CS", "IN PROGRESS");
  step.set(dicom::kModality, "CS", "CT");
  step.set(dicom::kPatientName, "PN", "山田^太郎");
  step.set(Tag(0x0040, 0x0253), "SH", "P1");
  step.set(Tag(0x0040, 0x0241), "AE", "CT1");
  step.set(Tag(0x0040, 0x0244), "DA", "20240131");
  step.set(Tag(0x0040, 0x0245), "TM", "081500");
  return step;
}

/// What it sends at the end.
inline EditableDataSet ended(const std::string& status = "COMPLETED",
                             const std::vector<std::string>& images = {"1.5.1", "1.5.2"}) {
  std::vector<EditableDataSet> references;
  for (const auto& uid : images) {
    auto& reference = references.emplace_back();
    reference.set(Tag(0x0008, 0x1150), "UI", "1.2.840.10008.5.1.4.1.1.2");
    reference.set(Tag(0x0008, 0x1155), "UI", uid);
  }
  EditableDataSet series;
  series.set(dicom::kSeriesInstanceUid, "UI", "1.5");
  series.set_items(Tag(0x0008, 0x1140), references);
  EditableDataSet step;
  const std::vector<EditableDataSet> items{series};
  step.set_items(kSeries, items);
  step.set(kStatus, "CS", status);
  step.set(Tag(0x0040, 0x0250), "DA", "20240131");
  step.set(Tag(0x0040, 0x0251), "TM", "083000");
  return step;
}

inline PerformedStep created(const EditableDataSet& data_set, const std::string& uid = "1.9") {
  const auto bytes = data_set.bytes();
  return PerformedStep::create(uid, dicom::DataSetView(bytes), kOccasion);
}
inline void set(PerformedStep& step, const EditableDataSet& data_set) {
  const auto bytes = data_set.bytes();
  step.set(dicom::DataSetView(bytes), {"CT1", kOccasion.now_us + 900'000'000});
}

/// One response, kept.
class Responder final : public DimseResponder {
 public:
  void send(const DimseResponse& response) override {
    ++sent;
    status = response.status;
    error_id = response.error_id;
    comment = response.error_comment;
    sop_instance_uid = response.sop_instance_uid;
    attributes.assign(response.attributes.begin(), response.attributes.end());
    data_set.assign(response.data_set.begin(), response.data_set.end());
  }
  bool cancelled() override { return false; }
  std::unique_ptr<DimseAssociation> association() override { return nullptr; }
  int sent = 0;
  uint16_t status = 0xffff;
  uint16_t error_id = 0;
  std::string comment;
  std::string sop_instance_uid;
  std::vector<uint32_t> attributes;
  std::vector<std::byte> data_set;
};

}  // namespace fermata::mpps::testing
