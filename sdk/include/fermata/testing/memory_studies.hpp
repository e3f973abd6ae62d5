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

#include "fermata/dicom/data_set_writer.hpp"
#include "fermata/dicom/matching.hpp"
#include "fermata/testing/stored_instance.hpp"

// What is stored, as a tree of studies, series and images with a data set for each, counts and sets included.
namespace fermata::testing {

using StoredList = std::vector<std::shared_ptr<const StoredInstance>>;
using DataSet = std::vector<std::byte>;
/// Who has the same Patient ID, issuer, name and birth date.
using Patient = std::tuple<std::string, std::string, std::string, std::string>;

struct ImageNode {
  std::shared_ptr<const StoredInstance> instance;
  DataSet attributes;
};
struct SeriesNode {
  std::vector<ImageNode> images;  ///< by Instance Number and UID
  DataSet attributes;
};
struct StudyNode {
  std::map<std::string, SeriesNode> series;
  DataSet attributes;
  Patient patient;
  std::string moment;  ///< Study Date and Time

  std::string text(dicom::Tag tag, const char (&vr)[3]) const {
    return dicom::normalise(dicom::Vr(vr), dicom::DataSetView(attributes).text(tag));
  }
};
using Studies = std::map<std::string, StudyNode>;

/// A data set that is put together: the first value for each attribute stays.
class MergedDataSet {
 public:
  void fill_in(dicom::DataSetView from) {
    for (const auto& element : from)
      if (!is_blank(element)) elements_.try_emplace(element.tag, element.vr, std::string(chars(element.value)));
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
  DataSet bytes() const {
    dicom::DataSetWriter writer;
    for (const auto& [tag, element] : elements_) writer.add(tag, element.first, element.second);
    return writer.take();
  }

 private:
  static bool is_blank(const dicom::Element& element) {
    if (!element.vr.is_string()) return element.value.empty();
    return element.text().find_first_not_of(' ') == std::string_view::npos;
  }
  static std::string_view chars(std::span<const std::byte> b) {
    return {reinterpret_cast<const char*>(b.data()), b.size()};
  }
  std::map<dicom::Tag, std::pair<dicom::Vr, std::string>> elements_;
};

namespace detail {

/// The attributes of a study or series are its first instance's, filled in by later ones.
inline MergedDataSet merged(StoredList instances) {
  std::sort(instances.begin(), instances.end(), [](const auto& a, const auto& b) { return a->arrival < b->arrival; });
  MergedDataSet out;
  for (const auto& instance : instances) out.fill_in(instance->header());
  return out;
}

inline ImageNode image_node(const std::shared_ptr<const StoredInstance>& instance) {
  MergedDataSet attributes;
  attributes.fill_in(instance->header());
  attributes.set(dicom::kSopInstanceUid, "UI", instance->sop_instance);
  attributes.set(dicom::kSopClassUid, "UI", instance->sop_class);
  return {instance, attributes.bytes()};
}

inline SeriesNode series_node(const std::string& uid, StoredList instances) {
  auto attributes = merged(instances);
  attributes.set(dicom::kSeriesInstanceUid, "UI", uid);
  attributes.set(dicom::kNumberOfSeriesRelatedInstances, instances.size());
  std::sort(instances.begin(), instances.end(), [](const auto& a, const auto& b) {
    return std::pair(a->instance_number(), a->sop_instance) < std::pair(b->instance_number(), b->sop_instance);
  });
  SeriesNode node;
  node.attributes = attributes.bytes();
  for (const auto& instance : instances) node.images.push_back(image_node(instance));
  return node;
}

inline StudyNode study_node(const std::string& uid, const StoredList& instances) {
  std::map<std::string, StoredList> by_series;
  std::set<std::string> sop_classes;
  for (const auto& instance : instances) {
    by_series[instance->series].push_back(instance);
    sop_classes.insert(instance->sop_class);
  }
  StudyNode node;
  std::set<std::string> modalities;
  for (const auto& [series_uid, list] : by_series) {
    const auto& series = node.series[series_uid] = series_node(series_uid, list);
    modalities.emplace(dicom::DataSetView(series.attributes).text(dicom::kModality));
  }
  auto attributes = merged(instances);
  attributes.set(dicom::kStudyInstanceUid, "UI", uid);
  attributes.set(dicom::kModalitiesInStudy, "CS", modalities);
  attributes.set(dicom::kSopClassesInStudy, "UI", sop_classes);
  attributes.set(dicom::kNumberOfStudyRelatedSeries, by_series.size());
  attributes.set(dicom::kNumberOfStudyRelatedInstances, instances.size());
  node.attributes = attributes.bytes();
  node.patient = {node.text(dicom::kPatientId, "LO"), node.text(dicom::kIssuerOfPatientId, "LO"),
                  node.text(dicom::kPatientName, "PN"), node.text(dicom::kPatientBirthDate, "DA")};
  node.moment = node.text(dicom::kStudyDate, "DA");
  if (!node.moment.empty()) node.moment += node.text(dicom::kStudyTime, "TM");
  return node;
}

/// Adds to every study the counts over all studies of its patient.
inline void count_patients(Studies& studies) {
  struct Counts {
    std::size_t studies = 0, series = 0, instances = 0;
  };
  std::map<Patient, Counts> patients;
  for (const auto& [uid, study] : studies) {
    auto& counts = patients[study.patient];
    ++counts.studies;
    counts.series += study.series.size();
    for (const auto& [series_uid, series] : study.series) counts.instances += series.images.size();
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

}  // namespace detail

inline Studies make_studies(const StoredList& instances) {
  std::map<std::string, StoredList> by_study;
  for (const auto& instance : instances) by_study[instance->study].push_back(instance);
  Studies studies;
  for (const auto& [uid, list] : by_study) studies.emplace(uid, detail::study_node(uid, list));
  detail::count_patients(studies);
  return studies;
}

}  // namespace fermata::testing
