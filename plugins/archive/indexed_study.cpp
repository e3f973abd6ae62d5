#include "indexed_study.hpp"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "fermata/dicom/data_set_writer.hpp"
#include "stored_object.hpp"

namespace fermata::archive {
namespace {

constexpr std::size_t kLargestIdentifier = 256 * 1024;  // a document may have 1 MiB

}  // namespace

IndexedStudy::IndexedStudy(Index& index, std::string_view study) : index_(index), study_(study) {
  Selection selection;
  selection.study_instance_uids = std::span(&study, 1);
  const auto cursor = index_.instances(selection);
  InstanceRecord record;
  while (cursor->next(record)) {
    instances_.push_back({std::string(record.blob_key), std::string(record.sop_instance_uid)});
    bytes_ += record.blob_length;
  }
}

std::vector<std::string> IndexedStudy::uids() const {
  std::vector<std::string> uids;
  uids.reserve(instances_.size());
  for (const auto& instance : instances_) uids.push_back(instance.sop_instance);
  return uids;
}

std::vector<std::byte> IndexedStudy::identifier() const {
  dicom::DataSetWriter keys;
  for (const auto& [tag, vr] :
       std::initializer_list<std::pair<dicom::Tag, dicom::Vr>>{{dicom::kStudyDate, "DA"},
                                                               {dicom::kStudyTime, "TM"},
                                                               {dicom::kAccessionNumber, "SH"},
                                                               {dicom::kModalitiesInStudy, "CS"},
                                                               {{0x0008, 0x0090}, "PN"},  // Referring Physician's Name
                                                               {{0x0008, 0x1030}, "LO"},  // Study Description
                                                               {dicom::kPatientName, "PN"},
                                                               {dicom::kPatientId, "LO"},
                                                               {dicom::kIssuerOfPatientId, "LO"},
                                                               {dicom::kPatientBirthDate, "DA"},
                                                               {{0x0010, 0x0040}, "CS"}})  // Patient's Sex
    keys.add_empty(tag, vr);
  keys.add(dicom::kStudyInstanceUid, "UI", study_);
  keys.add_empty(dicom::kStudyId, "SH");
  keys.add_empty(dicom::kNumberOfStudyRelatedSeries, "IS");
  keys.add_empty(dicom::kNumberOfStudyRelatedInstances, "IS");
  Query query;
  query.identifier = keys.bytes();
  std::span<const std::byte> answer;
  const auto cursor = index_.find(query);
  if (cursor->next(answer) && answer.size() <= kLargestIdentifier) return {answer.begin(), answer.end()};
  dicom::DataSetWriter uid_only;
  uid_only.add(dicom::kStudyInstanceUid, "UI", study_);
  return uid_only.take();
}

bool IndexedStudy::is_still_indexed() const {
  return std::any_of(instances_.begin(), instances_.end(), [&](const TrashedInstance& instance) {
    const auto indexed = find_instance(index_, instance.sop_instance);
    return indexed && indexed->blob_key == instance.blob_key;
  });
}

}  // namespace fermata::archive
