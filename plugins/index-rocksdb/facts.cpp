#include "facts.hpp"

#include <algorithm>
#include <utility>

#include "encoding.hpp"
#include "fermata/dicom/data_set_writer.hpp"
#include "secondary_keys.hpp"

namespace fermata::index_rocksdb {
namespace {

using dicom::AttributeLevel;
using dicom::DataSetWriter;
using dicom::Tag;
using dicom::Vr;

struct PatientTotals {
  uint64_t studies = 0;
  uint64_t series = 0;
  uint64_t instances = 0;
};

PatientTotals totals_of_patient(const Reader& reader, const EntityRecord& of_study) {
  PatientTotals totals;
  EntityRecord study;
  const std::string prefix = patient_key_prefix(of_study.data_set());
  const auto at = reader.iterate(Family::patients);
  for (at->Seek(prefix); at->Valid() && view(at->key()).starts_with(prefix); at->Next()) {
    if (!reader.study(study_of(view(at->key())), study)) continue;
    ++totals.studies;
    totals.series += study.counts.series;
    totals.instances += study.counts.instances;
  }
  check(at->status(), "counting a patient's studies");
  return totals;
}

void add_number(DataSetWriter& out, Tag tag, uint64_t number) { out.add(tag, Vr("IS"), std::to_string(number)); }

bool is_patient_total(Tag tag) {
  return tag == dicom::kNumberOfPatientRelatedStudies || tag == dicom::kNumberOfPatientRelatedSeries ||
         tag == dicom::kNumberOfPatientRelatedInstances;
}

void add_patient_total(DataSetWriter& out, Tag tag, const PatientTotals& totals) {
  add_number(out, tag,
             tag == dicom::kNumberOfPatientRelatedStudies  ? totals.studies
             : tag == dicom::kNumberOfPatientRelatedSeries ? totals.series
                                                           : totals.instances);
}

void add_of_study(DataSetWriter& out, Tag tag, const EntityRecord& study) {
  if (tag == dicom::kStudyInstanceUid) out.add(tag, Vr("UI"), study.study);
  if (tag == dicom::kModalitiesInStudy) out.add(tag, Vr("CS"), study.counts.modalities.joined());
  if (tag == dicom::kSopClassesInStudy) out.add(tag, Vr("UI"), study.counts.sop_classes.joined());
  if (tag == dicom::kNumberOfStudyRelatedSeries) add_number(out, tag, study.counts.series);
  if (tag == dicom::kNumberOfStudyRelatedInstances) add_number(out, tag, study.counts.instances);
}

/// Calls `add` with the computed attributes of `owner` that the query mentions, ascending.
template <class F>
std::vector<std::byte> computed(const CompiledQuery& query, AttributeLevel owner, F&& add) {
  DataSetWriter out;
  for (const auto& asked : query.asked())
    if (asked.owner == owner && is_computed(asked.element.tag)) add(out, asked.element.tag);
  return out.take();
}

}  // namespace

Facts Facts::of_study(const Reader& reader, const CompiledQuery& query, const EntityRecord& study) {
  Facts facts(study.data_set());
  std::optional<PatientTotals> totals;
  facts.computed_ = computed(query, AttributeLevel::study, [&](DataSetWriter& out, Tag tag) {
    if (!is_patient_total(tag)) return add_of_study(out, tag, study);
    if (!totals) totals = totals_of_patient(reader, study);
    add_patient_total(out, tag, *totals);
  });
  return facts;
}

Facts Facts::of_series(const CompiledQuery& query, const EntityRecord& series) {
  Facts facts(series.data_set());
  facts.computed_ = computed(query, AttributeLevel::series, [&](DataSetWriter& out, Tag tag) {
    if (tag == dicom::kSeriesInstanceUid)
      out.add(tag, Vr("UI"), series.series);
    else
      add_number(out, tag, series.counts.instances);
  });
  return facts;
}

Facts Facts::of_instance(const CompiledQuery& query, std::string_view key, std::string_view value,
                         dicom::DataSetView header) {
  Facts facts(header);
  facts.computed_ = computed(query, AttributeLevel::image, [&](DataSetWriter& out, Tag tag) {
    if (tag == dicom::kSopInstanceUid) {
      out.add(tag, Vr("UI"), parse_record_key(key).instance);
    } else {
      DecodedInstance decoded;
      decoded.read(key, value);
      out.add(tag, Vr("UI"), decoded.record().sop_class_uid);
    }
  });
  return facts;
}

dicom::DataSetView Facts::source(Tag tag) const { return is_computed(tag) ? dicom::DataSetView(computed_) : data_set_; }

bool Facts::has(Tag tag) const {
  const auto element = source(tag).find(tag);
  return element && !is_blank(*element);
}

bool Facts::satisfies(const std::vector<const dicom::Key*>& keys) const {
  return std::all_of(keys.begin(), keys.end(),
                     [this](const auto* key) { return dicom::matches(*key, source(key->tag)); });
}

bool WitnessWalk::enter(EntityRecord study) {
  leave_study();
  study_ = std::move(study);
  own(AttributeLevel::study) = Facts::of_study(reader_, query_, study_);
  return entered_ = facts(AttributeLevel::study).satisfies(query_.keys(AttributeLevel::study));
}

void WitnessWalk::leave_study() {
  instances_.reset();
  walk_.reset();
  entered_ = false;
}

bool WitnessWalk::next() {
  switch (query_.depth()) {
    case AttributeLevel::study:
      return std::exchange(entered_, false);
    case AttributeLevel::series:
      return next_series();
    case AttributeLevel::image:
      return next_instance();
  }
  return false;
}

bool WitnessWalk::next_series() {
  if (!entered_) return false;
  if (!walk_) walk_.emplace(reader_, restriction_, study_.study);
  while (walk_->next(series_)) {
    own(AttributeLevel::series) = Facts::of_series(query_, series_);
    if (facts(AttributeLevel::series).satisfies(query_.keys(AttributeLevel::series))) return true;
  }
  return false;
}

bool WitnessWalk::next_instance() {
  for (;;) {
    if (!instances_) {
      if (!next_series()) return false;
      instances_.emplace(reader_, restriction_, series_.study, series_.series);
    }
    while (instances_->next()) {
      const auto header = query_.needs_header() ? instances_->header() : dicom::DataSetView{};
      own(AttributeLevel::image) = Facts::of_instance(query_, instances_->key(), instances_->value(), header);
      if (facts(AttributeLevel::image).satisfies(query_.keys(AttributeLevel::image))) return true;
    }
    instances_.reset();
  }
}

Values values_elsewhere(const Reader& reader, const CompiledQuery& query, std::string_view study,
                        const std::vector<Tag>& tags) {
  Values values;
  const auto take = [&](const Facts& facts, AttributeLevel level) {
    for (const Tag tag : tags) {
      if (dicom::attribute_level(tag) != level || values.count(tag) > 0 || !facts.has(tag)) continue;
      const auto element = *facts.source(tag).find(tag);
      DataSetWriter copy;
      copy.add(tag, element.vr, element.value);
      values.emplace(tag, copy.take());
    }
  };
  const Restriction none;
  SeriesWalk walk(reader, none, study);
  EntityRecord series;
  while (values.size() < tags.size() && walk.next(series)) {
    take(Facts::of_series(query, series), AttributeLevel::series);
    if (!query.needs_header()) continue;
    InstanceWalk instances(reader, none, series.study, series.series);
    if (instances.next())
      take(Facts::of_instance(query, instances.key(), instances.value(), instances.header()), AttributeLevel::image);
  }
  return values;
}

}  // namespace fermata::index_rocksdb
