#pragma once
#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "fermata/dicom/answer.hpp"
#include "fermata/dicom/attribute_level.hpp"
#include "fermata/dicom/matching.hpp"
#include "fermata/testing/stored_instance.hpp"

// How the index in memory answers: it makes a data set of every study and series, tries the keys on every instance
// together with its series and study, and gives one answer for each patient, study, series or instance that has one.
namespace fermata::testing {

using StoredList = std::vector<std::shared_ptr<const StoredInstance>>;

namespace detail {

/// A data set that is put together: the first value for each attribute stays.
class MergedDataSet {
 public:
  void fill_in(dicom::DataSetView from) {
    for (const auto& element : from) {
      const bool blank = element.vr.is_string() ? element.text().find_first_not_of(' ') == std::string_view::npos
                                                : element.value.empty();
      if (!blank) elements_.try_emplace(element.tag, element.vr, std::string(chars(element.value)));
    }
  }
  void set(dicom::Tag tag, const char (&vr)[3], std::string value) {
    elements_.insert_or_assign(tag, std::pair(dicom::Vr(vr), std::move(value)));
  }
  void set(dicom::Tag tag, std::size_t number) { set(tag, "IS", std::to_string(number)); }
  void set(dicom::Tag tag, const char (&vr)[3], const std::set<std::string>& values) {
    std::string joined;
    for (const auto& value : values)
      if (!value.empty()) joined.append(joined.empty() ? "" : "\\").append(value);
    set(tag, vr, std::move(joined));
  }
  std::vector<std::byte> bytes() const {
    dicom::DataSetWriter writer;
    for (const auto& [tag, element] : elements_) writer.add(tag, element.first, element.second);
    return writer.take();
  }

 private:
  static std::string_view chars(std::span<const std::byte> b) {
    return {reinterpret_cast<const char*>(b.data()), b.size()};
  }
  std::map<dicom::Tag, std::pair<dicom::Vr, std::string>> elements_;
};

using DataSet = std::vector<std::byte>;
using Patient = std::tuple<std::string, std::string, std::string, std::string>;

struct SeriesNode {
  StoredList instances;  ///< by Instance Number and UID
  DataSet attributes;
};
struct StudyNode {
  StoredList instances;  ///< as they came
  std::map<std::string, SeriesNode> series;
  Patient patient;
  std::string moment;  ///< Study Date and Time
  DataSet attributes;
  std::string text(dicom::Tag tag, const char (&vr)[3]) const {
    return dicom::normalise(dicom::Vr(vr), dicom::DataSetView(attributes).text(tag));
  }
};
using Studies = std::map<std::string, StudyNode>;

inline MergedDataSet merged(StoredList instances) {
  std::sort(instances.begin(), instances.end(), [](const auto& a, const auto& b) { return a->arrival < b->arrival; });
  MergedDataSet out;
  for (const auto& instance : instances) out.fill_in(instance->header());
  return out;
}

inline void describe_series(const std::string& uid, SeriesNode& series) {
  auto attributes = merged(series.instances);
  attributes.set(dicom::kSeriesInstanceUid, "UI", uid);
  attributes.set(dicom::kNumberOfSeriesRelatedInstances, series.instances.size());
  series.attributes = attributes.bytes();
  std::sort(series.instances.begin(), series.instances.end(), [](const auto& a, const auto& b) {
    return std::pair(a->instance_number(), a->sop_instance) < std::pair(b->instance_number(), b->sop_instance);
  });
}

inline void describe_study(const std::string& uid, StudyNode& study) {
  std::set<std::string> modalities;
  std::set<std::string> sop_classes;
  for (auto& [series_uid, series] : study.series) {
    describe_series(series_uid, series);
    modalities.emplace(dicom::DataSetView(series.attributes).text(dicom::kModality));
  }
  for (const auto& instance : study.instances) sop_classes.insert(instance->sop_class);
  auto attributes = merged(study.instances);
  attributes.set(dicom::kStudyInstanceUid, "UI", uid);
  attributes.set(dicom::kModalitiesInStudy, "CS", modalities);
  attributes.set(dicom::kSopClassesInStudy, "UI", sop_classes);
  attributes.set(dicom::kNumberOfStudyRelatedSeries, study.series.size());
  attributes.set(dicom::kNumberOfStudyRelatedInstances, study.instances.size());
  study.attributes = attributes.bytes();
  study.patient = {study.text(dicom::kPatientId, "LO"), study.text(dicom::kIssuerOfPatientId, "LO"),
                   study.text(dicom::kPatientName, "PN"), study.text(dicom::kPatientBirthDate, "DA")};
  study.moment = study.text(dicom::kStudyDate, "DA");
  if (!study.moment.empty()) study.moment += study.text(dicom::kStudyTime, "TM");
}

/// A patient is who has the same ID, issuer, name and birth date; counts go over all their studies.
inline void count_patients(Studies& studies) {
  struct Counts {
    std::size_t studies = 0, series = 0, instances = 0;
  };
  std::map<Patient, Counts> patients;
  for (const auto& [uid, study] : studies) {
    auto& counts = patients[study.patient];
    ++counts.studies;
    counts.series += study.series.size();
    counts.instances += study.instances.size();
  }
  for (auto& [uid, study] : studies) {
    const auto& counts = patients[study.patient];
    MergedDataSet attributes;
    attributes.fill_in(dicom::DataSetView(study.attributes));
    attributes.set(dicom::kNumberOfPatientRelatedStudies, counts.studies);
    attributes.set(dicom::kNumberOfPatientRelatedSeries, counts.series);
    attributes.set(dicom::kNumberOfPatientRelatedInstances, counts.instances);
    study.attributes = attributes.bytes();
  }
}

inline Studies studies_of(const StoredList& instances) {
  Studies studies;
  for (const auto& instance : instances) {
    auto& study = studies[instance->study];
    study.instances.push_back(instance);
    study.series[instance->series].instances.push_back(instance);
  }
  for (auto& [uid, study] : studies) describe_study(uid, study);
  count_patients(studies);
  return studies;
}

/// An instance with what stands above it. One that satisfies the keys proves that its series, study and patient do.
struct Witness {
  const StudyNode* study;
  const SeriesNode* series;
  const StoredInstance* instance;
  DataSet image;

  dicom::DataSetView data_set(dicom::AttributeLevel level) const {
    if (level == dicom::AttributeLevel::study) return dicom::DataSetView(study->attributes);
    if (level == dicom::AttributeLevel::series) return dicom::DataSetView(series->attributes);
    return dicom::DataSetView(image);
  }
};

inline DataSet image_attributes(const StoredInstance& instance) {
  MergedDataSet attributes;
  attributes.fill_in(instance.header());
  attributes.set(dicom::kSopInstanceUid, "UI", instance.sop_instance);
  attributes.set(dicom::kSopClassUid, "UI", instance.sop_class);
  return attributes.bytes();
}

/// What the protocol adds to an answer, not the index.
inline bool is_ignored(dicom::Tag tag) {
  return tag.is_group_length() || tag == dicom::kSpecificCharacterSet || tag == dicom::kQueryRetrieveLevel ||
         tag == dicom::kRetrieveAeTitle || tag == dicom::kInstanceAvailability;
}

class QueryAnswers {
 public:
  QueryAnswers(const Query& query, const StoredList& instances)
      : query_(query),
        keys_(dicom::compile(dicom::DataSetView(query.identifier), query.combined_date_time)),
        studies_(studies_of(instances)) {
    std::erase_if(keys_, [](const dicom::Key& key) { return is_ignored(key.tag); });
  }

  std::vector<DataSet> all() {
    for (const auto* study : ordered_studies())
      for (const auto& [uid, series] : study->series)
        for (const auto& instance : series.instances)
          consider({study, &series, instance.get(), image_attributes(*instance)});
    const auto first = std::min<uint64_t>(query_.offset, answers_.size());
    const auto count = std::min<uint64_t>(query_.limit, answers_.size() - first);
    const auto begin = answers_.begin() + static_cast<std::ptrdiff_t>(first);
    return {begin, begin + static_cast<std::ptrdiff_t>(count)};
  }

 private:
  std::vector<const StudyNode*> ordered_studies() const {
    std::vector<const StudyNode*> list;
    for (const auto& [uid, study] : studies_) list.push_back(&study);
    if (query_.order == Query::Order::newest_first)
      std::stable_sort(list.begin(), list.end(), [](const auto* a, const auto* b) { return a->moment > b->moment; });
    return list;
  }

  void consider(const Witness& witness) {
    for (const auto& key : keys_)
      if (!dicom::matches(key, witness.data_set(dicom::attribute_level(key.tag)))) return;
    if (answered_.insert(entity(witness)).second) answers_.push_back(answer(witness));
  }

  using Entity = std::tuple<Patient, std::string, std::string, std::string>;
  Entity entity(const Witness& w) const {
    switch (query_.level) {
      case Level::patient:
        return {w.study->patient, {}, {}, {}};
      case Level::study:
        return {{}, w.instance->study, {}, {}};
      case Level::series:
        return {{}, w.instance->study, w.instance->series, {}};
      case Level::image:
        return {{}, {}, {}, w.instance->sop_instance};
    }
    throw Error(Code::invalid, "the level of a query is patient, study, series or image");
  }

  DataSet answer(const Witness& witness) const {
    dicom::DataSetWriter out;
    for (const auto& asked : dicom::DataSetView(query_.identifier)) {
      if (is_ignored(asked.tag)) continue;
      dicom::add_answer(out, asked, dicom::detail::key_of(keys_, asked.tag), source(witness, asked.tag));
    }
    return out.take();
  }
  /// Where nothing is said at the attribute's own level, what any object of the study says.
  dicom::DataSetView source(const Witness& witness, dicom::Tag tag) const {
    const auto own = witness.data_set(dicom::attribute_level(tag));
    return own.find(tag) || query_.level == Level::image ? own : witness.data_set(dicom::AttributeLevel::study);
  }

  const Query query_;
  std::vector<dicom::Key> keys_;
  const Studies studies_;
  std::set<Entity> answered_;
  std::vector<DataSet> answers_;
};

}  // namespace detail

/// The answers to a query, in order.
inline std::vector<std::vector<std::byte>> answer_query(const Query& query, const StoredList& instances) {
  try {
    return detail::QueryAnswers(query, instances).all();
  } catch (const Error& e) {
    if (e.code() != Code::corrupt) throw;
    throw Error(Code::invalid, "the identifier of a query is no Explicit VR Little Endian data set");
  }
}

/// The selected instances in the order of `Index::instances`.
inline StoredList select(const Selection& selection, const StoredList& instances) {
  const auto studies = detail::studies_of(instances);
  std::vector<std::string> patient_ids;
  for (const auto id : selection.patient_ids) patient_ids.push_back(dicom::normalise(dicom::Vr("LO"), id));
  const auto in = [](std::span<const std::string_view> list, std::string_view value) {
    return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
  };
  const auto of_patient = [&](const std::string& id) {
    return patient_ids.empty() || std::find(patient_ids.begin(), patient_ids.end(), id) != patient_ids.end();
  };
  StoredList selected;
  for (const auto& [study_uid, study] : studies) {
    if (!in(selection.study_instance_uids, study_uid) || !of_patient(std::get<0>(study.patient))) continue;
    for (const auto& [series_uid, series] : study.series) {
      if (!in(selection.series_instance_uids, series_uid)) continue;
      for (const auto& instance : series.instances)
        if (in(selection.sop_instance_uids, instance->sop_instance)) selected.push_back(instance);
    }
  }
  return selected;
}

}  // namespace fermata::testing
