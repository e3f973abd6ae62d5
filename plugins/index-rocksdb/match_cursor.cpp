#include "match_cursor.hpp"

#include <algorithm>

namespace fermata::index_rocksdb {
namespace {

using dicom::DataSetWriter;
using dicom::Element;

void write(DataSetWriter& out, const Element& asked, const std::optional<Element>& found);

/// Of each item, the attributes that the item of the identifier asks for (PS3.4 C.2.2.2.6); all, if it names none.
void write_sequence(DataSetWriter& out, const Element& asked, const Element& found) {
  dicom::DataSetView wanted;
  for (const auto item : asked.items()) wanted = item;
  if (wanted.empty()) return out.add(found.tag, found.vr, found.value);
  out.begin_sequence(found.tag);
  for (const auto item : found.items()) {
    out.begin_item();
    for (const auto& element : wanted)
      if (!is_ignored(element.tag)) write(out, element, item.find(element.tag));
    out.end();
  }
  out.end();
}

void write(DataSetWriter& out, const Element& asked, const std::optional<Element>& found) {
  if (!found)
    out.add_empty(asked.tag, asked.vr);
  else if (asked.vr == dicom::Vr("SQ") && found->vr == dicom::Vr("SQ"))
    write_sequence(out, asked, *found);
  else
    out.add(found->tag, found->vr, found->value);
}

}  // namespace

RocksMatchCursor::RocksMatchCursor(Database& database, const Query& query)
    : query_(query),
      reader_(database),
      plan_(make_plan(reader_, query_)),
      lower_(query_),
      lower_of_others_(query_),
      needs_header_(needs_header(query_)) {}

bool RocksMatchCursor::next(std::span<const std::byte>& identifier) {
  while (matches_ < query_.offset()) {
    if (!advance()) return false;
    ++matches_;
  }
  if (matches_ - query_.offset() >= query_.limit() || !advance()) return false;
  ++matches_;
  write_answer();
  identifier = answer_.bytes();
  return true;
}

bool RocksMatchCursor::advance() {
  switch (query_.level()) {
    case Level::patient:
      while (advance_study()) {
        if (!stands_for_its_patient()) continue;
        plan_.studies->skip_patient();
        return true;
      }
      return false;
    case Level::study:
      return advance_study();
    case Level::series:
      return advance_series();
    case Level::image:
      return advance_instance();
  }
  return false;
}

bool RocksMatchCursor::advance_study() {
  std::string study;
  while (plan_.studies->next(study)) {
    if (!reader_.study(study, study_) || !plan_.studies->first_time(study_)) continue;
    if (!study_matches(study_, lower_)) continue;
    of_study_ = Facts::of_study(reader_, query_, study_);
    return true;
  }
  return false;
}

bool RocksMatchCursor::study_matches(const EntityRecord& study, LowerFacts& lower) const {
  if (!query_.keys(Owner::study).empty() &&
      !Facts::of_study(reader_, query_, study).satisfies(query_.keys(Owner::study)))
    return false;
  const bool lower_counts = query_.level() <= Level::study && !lower.empty();
  return !lower_counts || lower.find(reader_, plan_.restriction, study);
}

/// A patient is answered once: with the first of the matching studies, in the order of the answers.
bool RocksMatchCursor::stands_for_its_patient() {
  const std::string patient = patient_key_prefix(study_.data_set());
  if (patient == patient_) return false;
  const bool by_date = query_.order() == Query::Order::newest_first;
  const auto before_this = [&](const EntityRecord& other) {
    if (!by_date) return other.study < study_.study;
    return std::pair(newest_first_value(other.data_set()), other.study) <
           std::pair(newest_first_value(study_.data_set()), study_.study);
  };
  if (!plan_.studies->by_patient()) {
    EntityRecord other;
    const auto at = reader_.iterate(Family::patients);
    for (at->Seek(patient); at->Valid() && view(at->key()).starts_with(patient); at->Next()) {
      const auto uid = study_of(view(at->key()));
      if (uid == study_.study) {
        if (!by_date) break;
        continue;
      }
      if (reader_.study(uid, other) && before_this(other) && study_matches(other, lower_of_others_)) return false;
    }
    check(at->status(), "looking for a patient's studies");
  }
  patient_ = patient;
  return true;
}

bool RocksMatchCursor::advance_series() {
  for (;;) {
    if (!series_walk_) {
      if (!advance_study()) return false;
      series_walk_.emplace(reader_, plan_.restriction, study_.study);
    }
    while (series_walk_->next(series_)) {
      of_series_ = Facts::of_series(query_, series_);
      if (!of_series_->satisfies(query_.keys(Owner::series))) continue;
      const bool lower_counts = query_.level() == Level::series && !lower_.empty();
      if (!lower_counts || lower_.find(reader_, plan_.restriction, series_)) return true;
    }
    series_walk_.reset();
  }
}

bool RocksMatchCursor::advance_instance() {
  for (;;) {
    if (!instance_walk_) {
      if (!advance_series()) return false;
      instance_walk_.emplace(reader_, plan_.restriction, series_.study, series_.series);
    }
    while (instance_walk_->next()) {
      const auto header = needs_header_ ? instance_walk_->header() : dicom::DataSetView{};
      of_instance_ = Facts::of_instance(query_, instance_walk_->key(), instance_walk_->value(), header);
      if (of_instance_->satisfies(query_.keys(Owner::instance))) return true;
    }
    instance_walk_.reset();
  }
}

std::optional<Element> RocksMatchCursor::value_of(const Asked& asked) const {
  const auto tag = asked.element.tag;
  if (asked.owner == Owner::study) return of_study_->find(tag);
  if (query_.level() >= Level::series && asked.owner == Owner::series) return of_series_->find(tag);
  if (query_.level() == Level::image) return of_instance_->find(tag);
  return lower_.value(tag);
}

void RocksMatchCursor::write_answer() {
  answer_.clear();
  for (const auto& asked : query_.asked()) write(answer_, asked.element, value_of(asked));
}

}  // namespace fermata::index_rocksdb
