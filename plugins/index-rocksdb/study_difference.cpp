#include "study_difference.hpp"

#include <algorithm>
#include <iterator>

#include "encoding.hpp"
#include "fermata/dicom/data_set_view.hpp"
#include "secondary_keys.hpp"

namespace fermata::index_rocksdb {
namespace {

/// By doubling, a batch would take twice as much for a large header.
std::size_t expected_bytes(const TouchedStudy& touched) {
  constexpr std::size_t kRest = 4096;  // keys, and what is changed beside the instances
  std::size_t bytes = kRest;
  for (const auto& uid : touched.order())
    if (const auto& after = touched.at(uid).after) bytes += after->record.size() + after->header.size();
  return bytes;
}

}  // namespace

StudyDifference::StudyDifference(const Database& database, const TouchedStudy& touched)
    : database_(database), touched_(touched), batch_(expected_bytes(touched)) {}

bool StudyDifference::put_instances() {
  for (const auto& uid : touched_.order()) {
    const auto& i = touched_.at(uid);
    if (i.before == i.after) continue;
    if (!i.before) claimed_.push_back(uid);
    changes_.push_back({!i.before  ? Change::Kind::stored
                        : !i.after ? Change::Kind::removed
                                   : Change::Kind::replaced,
                        i.after ? i.after->series : i.before->series, uid});
    delta_.instances += (i.after ? 1 : 0) - (i.before ? 1 : 0);
    delta_.bytes += static_cast<int64_t>(i.after ? i.after->blob_length : 0) -
                    static_cast<int64_t>(i.before ? i.before->blob_length : 0);
    put_instance(uid, i);
  }
  return !changes_.empty();
}

void StudyDifference::put_instance(const std::string& uid, const TouchedStudy::Instance& i) {
  const bool stays = i.before && i.after && i.before->series == i.after->series && i.before->number == i.after->number;
  if (i.before && !stays) {
    const auto key = instance_key(touched_.uid(), i.before->series, i.before->number, uid);
    batch_.Delete(database_[Family::records], key);
    batch_.Delete(database_[Family::headers], key);
    if (!i.after) batch_.Delete(database_[Family::uids], instance_uid_key(uid));
  }
  if (!i.after) return;
  const auto key = instance_key(touched_.uid(), i.after->series, i.after->number, uid);
  batch_.Put(database_[Family::records], key, i.after->record);
  batch_.Put(database_[Family::headers], key, i.after->header);
  if (!stays)
    batch_.Put(database_[Family::uids], instance_uid_key(uid),
               encode_place(touched_.uid(), i.after->series, i.after->number));
}

void StudyDifference::put_study() {
  const auto& uid = touched_.uid();
  put_series();
  put_entity(touched_.study(), study_key(uid), study_counts_key(uid));
  put_secondary_keys();
  delta_.studies += touched_.study().difference();
}

void StudyDifference::put_series() {
  for (const auto& [uid, s] : touched_.series()) {
    put_entity(s, series_key(touched_.uid(), uid), series_counts_key(touched_.uid(), uid));
    if (s.existed && !s.exists()) batch_.Delete(database_[Family::uids], series_uid_key(uid, touched_.uid()));
    if (!s.existed && s.exists()) batch_.Put(database_[Family::uids], series_uid_key(uid, touched_.uid()), {});
    delta_.series += s.difference();
  }
}

void StudyDifference::put_entity(const Entity& entity, const std::string& key, const std::string& counts_key) {
  auto* records = database_[Family::records];
  if (!entity.exists()) {
    if (!entity.existed) return;
    batch_.Delete(records, key);
    batch_.Delete(records, counts_key);
    return;
  }
  if (!entity.existed || !(entity.attributes == entity.attributes_before))
    batch_.Put(records, key, encode_attributes(entity.attributes));
  if (!entity.existed || !(entity.counts == entity.counts_before))
    batch_.Put(records, counts_key, encode_counts(entity.counts));
}

void StudyDifference::put_secondary_keys() {
  const auto& study = touched_.study();
  const bool unchanged = study.existed && study.exists() &&
                         study.attributes.data_set == study.attributes_before.data_set &&
                         study.counts.modalities == study.counts_before.modalities;
  if (unchanged) return;
  const dicom::DataSetView before(study.attributes_before.data_set);
  const dicom::DataSetView after(study.attributes.data_set);
  std::vector<std::string> old_keys;
  std::vector<std::string> new_keys;
  std::string old_patient;
  std::string new_patient;
  std::string moment;
  bool moved = false;
  if (study.existed) {
    old_keys = secondary_keys(touched_.uid(), before, study.counts_before.modalities);
    old_patient = patient_key_prefix(before) + touched_.uid();
    moment = newest_first_value(before);
  }
  if (study.exists()) {
    new_keys = secondary_keys(touched_.uid(), after, study.counts.modalities);
    new_patient = patient_key_prefix(after) + touched_.uid();
    // Every key carries it.
    if (auto new_moment = newest_first_value(after); moment != new_moment) {
      moment = std::move(new_moment);
      moved = true;
    }
  }
  std::vector<std::string> gone;
  std::vector<std::string> come;
  std::set_difference(old_keys.begin(), old_keys.end(), new_keys.begin(), new_keys.end(), std::back_inserter(gone));
  std::set_difference(new_keys.begin(), new_keys.end(), old_keys.begin(), old_keys.end(), std::back_inserter(come));
  const auto count_day = [&](const std::string& key, int by) {
    if (key.starts_with(tag_prefix(dicom::kStudyDate))) delta_.days[day_key(value_of_secondary_key(key))] += by;
  };
  for (const auto& key : gone) {
    batch_.Delete(database_[Family::keys], key);
    count_day(key, -1);
  }
  for (const auto& key : come) count_day(key, 1);
  for (const auto& key : moved ? new_keys : come) batch_.Put(database_[Family::keys], key, packed_moment(moment));
  if (old_patient == new_patient) return;
  if (!old_patient.empty()) batch_.Delete(database_[Family::patients], old_patient);
  if (!new_patient.empty()) batch_.Put(database_[Family::patients], new_patient, {});
}

}  // namespace fermata::index_rocksdb
