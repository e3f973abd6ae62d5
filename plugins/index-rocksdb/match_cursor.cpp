#include "match_cursor.hpp"

#include "fermata/dicom/answer.hpp"

namespace fermata::index_rocksdb {

RocksMatchCursor::RocksMatchCursor(Database& database, const Query& query)
    : query_(query),
      order_(query_),
      reader_(database),
      plan_(make_plan(reader_, query_)),
      witness_(reader_, plan_.restriction, query_),
      other_(reader_, plan_.restriction, query_) {}

bool RocksMatchCursor::next(std::span<const std::byte>& identifier) {
  if (!skip_offset()) return false;
  if (matches_ - query_.offset() >= query_.limit() || !advance()) return false;
  ++matches_;
  write_answer();
  identifier = answer_.bytes();
  return true;
}

/// False if there are not so many answers.
bool RocksMatchCursor::skip_offset() {
  if (!skipped_ && plan_.all_match) matches_ = plan_.studies->skip(query_.offset());
  skipped_ = true;
  for (; matches_ < query_.offset(); ++matches_)
    if (!advance()) return false;
  return true;
}

bool RocksMatchCursor::advance() {
  if (in_study_) leave_answered();
  for (;;) {
    if (!in_study_ && !advance_study()) return false;
    in_study_ = witness_.next();
    if (!in_study_) continue;
    if (query_.level() != Level::patient || stands_for_its_patient()) return true;
    in_study_ = false;
  }
}

/// The witness has been answered for all that it stands for: no other one of the same.
void RocksMatchCursor::leave_answered() {
  if (query_.level() == Level::series) witness_.leave_series();
  if (query_.level() > Level::study) return;
  witness_.leave_study();
  in_study_ = false;
}

bool RocksMatchCursor::advance_study() {
  std::string uid;
  EntityRecord study;
  while (plan_.studies->next(uid))
    if (reader_.study(uid, study) && plan_.studies->first_time(study) && witness_.enter(std::move(study))) return true;
  return false;
}

/// A patient is answered once: with the first of the matching studies, in the order of the answers.
bool RocksMatchCursor::stands_for_its_patient() {
  const auto& study = witness_.study();
  std::string patient = patient_key_prefix(study.data_set());
  if (patient == patient_) return false;
  const bool ordered = order_.wanted();
  const auto own_rank = ordered ? order_.rank(study.data_set()) : Rank{};
  const auto before_this = [&](const EntityRecord& other) {
    if (!ordered) return other.study < study.study;
    return order_.before(order_.rank(other.data_set()), other.study, own_rank, study.study);
  };
  if (!plan_.studies->by_patient()) {
    EntityRecord other;
    const auto at = reader_.iterate(Family::patients);
    for (at->Seek(patient); at->Valid() && view(at->key()).starts_with(patient); at->Next()) {
      const auto uid = study_of(view(at->key()));
      if (!ordered && uid >= study.study) break;
      if (reader_.study(uid, other) && before_this(other) && other_.enter(std::move(other)) && other_.next())
        return false;
    }
    check(at->status(), "looking for a patient's studies");
  }
  patient_ = std::move(patient);
  plan_.studies->skip_patient();
  return true;
}

/// Attributes of lower levels that the witness lacks, from other series and instances of the study.
Values RocksMatchCursor::what_others_say() const {
  std::vector<dicom::Tag> missing;
  if (query_.level() <= Level::study)
    for (const auto& asked : query_.asked())
      if (asked.owner != dicom::AttributeLevel::study && !is_computed(asked.element.tag) &&
          !witness_.facts(asked.owner).has(asked.element.tag))
        missing.push_back(asked.element.tag);
  return missing.empty() ? Values{} : values_elsewhere(reader_, query_, witness_.study().study, missing);
}

void RocksMatchCursor::write_answer() {
  const auto elsewhere = what_others_say();
  answer_.clear();
  for (const auto& asked : query_.asked()) {
    const auto tag = asked.element.tag;
    const auto found = elsewhere.find(tag);
    dicom::add_answer(
        answer_, asked.element, asked.key,
        found != elsewhere.end() ? dicom::DataSetView(found->second) : witness_.facts(asked.owner).source(tag));
  }
}

}  // namespace fermata::index_rocksdb
