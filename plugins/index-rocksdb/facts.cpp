#include "facts.hpp"

#include <algorithm>
#include <charconv>

#include "encoding.hpp"
#include "fermata/dicom/data_set_writer.hpp"
#include "secondary_keys.hpp"

namespace fermata::index_rocksdb {
namespace {

using dicom::DataSetWriter;
using dicom::Element;
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
std::vector<std::byte> computed(const CompiledQuery& query, Owner owner, F&& add) {
  DataSetWriter out;
  for (const auto& asked : query.asked())
    if (asked.owner == owner && is_computed(asked.element.tag)) add(out, asked.element.tag);
  return out.take();
}

/// The deepest level whose attributes an entity of `level` has itself.
Owner owner_at(Level level) {
  return level == Level::image ? Owner::instance : level == Level::series ? Owner::series : Owner::study;
}

}  // namespace

bool needs_header(const CompiledQuery& query) {
  return std::any_of(query.asked().begin(), query.asked().end(), [](const Asked& asked) {
    return asked.owner == Owner::instance && !is_computed(asked.element.tag);
  });
}

Facts Facts::of_study(const Reader& reader, const CompiledQuery& query, const EntityRecord& study) {
  Facts facts(study.data_set());
  std::optional<PatientTotals> totals;
  facts.computed_ = computed(query, Owner::study, [&](DataSetWriter& out, Tag tag) {
    if (!is_patient_total(tag)) return add_of_study(out, tag, study);
    if (!totals) totals = totals_of_patient(reader, study);
    add_patient_total(out, tag, *totals);
  });
  return facts;
}

Facts Facts::of_series(const CompiledQuery& query, const EntityRecord& series) {
  Facts facts(series.data_set());
  facts.computed_ = computed(query, Owner::series, [&](DataSetWriter& out, Tag tag) {
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
  facts.computed_ = computed(query, Owner::instance, [&](DataSetWriter& out, Tag tag) {
    if (tag == dicom::kSopInstanceUid) {
      out.add(tag, Vr("UI"), parse_record_key(key).instance);
    } else {
      std::vector<BulkValue> bulk;
      std::string blob_key;
      std::string uids;
      out.add(tag, Vr("UI"), decode_instance(key, value, bulk, blob_key, uids).sop_class_uid);
    }
  });
  return facts;
}

std::optional<Element> Facts::find(Tag tag) const {
  return is_computed(tag) ? dicom::DataSetView(computed_).find(tag) : data_set_.find(tag);
}

bool Facts::satisfies(const dicom::Key& key) const {
  return dicom::matches(key, is_computed(key.tag) ? dicom::DataSetView(computed_) : data_set_);
}

bool Facts::satisfies(const std::vector<const dicom::Key*>& keys) const {
  return std::all_of(keys.begin(), keys.end(), [this](const auto* key) { return satisfies(*key); });
}

LowerFacts::LowerFacts(const CompiledQuery& query) : query_(query), needs_header_(needs_header(query)) {
  for (const auto& asked : query.asked())
    if (asked.owner > owner_at(query.level())) wanted_.push_back({&asked});
}

bool LowerFacts::find(const Reader& reader, const Restriction& restriction, const EntityRecord& entity) {
  for (auto& wanted : wanted_) {
    wanted.found = false;
    wanted.encoded.clear();
  }
  if (!entity.series.empty()) {
    look_at_instances(reader, restriction, entity.study, entity.series);
  } else {
    SeriesWalk walk(reader, restriction, entity.study);
    EntityRecord series;
    while ((pending(Owner::series) || pending(Owner::instance)) && walk.next(series)) {
      if (pending(Owner::series)) look_at(Facts::of_series(query_, series), Owner::series);
      look_at_instances(reader, restriction, series.study, series.series);
    }
  }
  return !pending_key(Owner::series) && !pending_key(Owner::instance);
}

void LowerFacts::look_at_instances(const Reader& reader, const Restriction& restriction, std::string_view study,
                                   std::string_view series) {
  if (!pending(Owner::instance)) return;
  InstanceWalk walk(reader, restriction, study, series);
  while (walk.next()) {
    const auto header = needs_header_ ? walk.header() : dicom::DataSetView{};
    look_at(Facts::of_instance(query_, walk.key(), walk.value(), header), Owner::instance);
    // A key has to be looked for in all instances; to return something the first one of each series is enough.
    if (!pending_key(Owner::instance)) return;
  }
}

void LowerFacts::look_at(const Facts& facts, Owner owner) {
  for (auto& wanted : wanted_) {
    const auto& asked = *wanted.asked;
    if (wanted.found || asked.owner != owner) continue;
    const auto element = facts.find(asked.element.tag);
    wanted.found = asked.key != nullptr ? facts.satisfies(*asked.key) : element && !is_blank(*element);
    if (!wanted.found || !element) continue;
    DataSetWriter copy;
    copy.add(element->tag, element->vr, element->value);
    wanted.encoded = copy.take();
  }
}

bool LowerFacts::pending(Owner owner) const {
  return std::any_of(wanted_.begin(), wanted_.end(),
                     [&](const Wanted& w) { return !w.found && w.asked->owner == owner; });
}

bool LowerFacts::pending_key(Owner owner) const {
  return std::any_of(wanted_.begin(), wanted_.end(), [&](const Wanted& w) {
    return !w.found && w.asked->owner == owner && w.asked->key != nullptr;
  });
}

std::optional<Element> LowerFacts::value(Tag tag) const {
  for (const auto& wanted : wanted_)
    if (wanted.asked->element.tag == tag) return dicom::DataSetView(wanted.encoded).find(tag);
  return {};
}

}  // namespace fermata::index_rocksdb
