#pragma once
#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "fermata/dicom/answer.hpp"
#include "fermata/dicom/attribute_level.hpp"
#include "fermata/dicom/matching.hpp"
#include "fermata/testing/memory_studies.hpp"

// How the index in memory answers: it tries the keys on every image together with its series and study, and gives one
// answer for each patient, study, series or image that has one.
namespace fermata::testing {

namespace detail {

/// An image with what stands above it. One that satisfies the keys proves that its series, study and patient do.
struct Witness {
  const StudyNode& study;
  const SeriesNode& series;
  const ImageNode& image;

  dicom::DataSetView attributes(dicom::AttributeLevel level) const {
    if (level == dicom::AttributeLevel::study) return dicom::DataSetView(study.attributes);
    if (level == dicom::AttributeLevel::series) return dicom::DataSetView(series.attributes);
    return dicom::DataSetView(image.attributes);
  }
};

class QueryAnswers {
 public:
  QueryAnswers(const Query& query, const Studies& studies)
      : query_(query),
        keys_(dicom::compile(dicom::DataSetView(query.identifier), query.combined_date_time)),
        studies_(studies) {
    if (query.level > Level::image)
      throw Error(Code::invalid, "the level of a query is patient, study, series or image");
    std::erase_if(keys_, [](const dicom::Key& key) { return is_protocols(key.tag); });
  }

  std::vector<DataSet> all() {
    for (const auto* study : ordered_studies())
      for (const auto& [uid, series] : study->series)
        for (const auto& image : series.images) consider({*study, series, image});
    const auto first = std::min<uint64_t>(query_.offset, answers_.size());
    const auto count = std::min<uint64_t>(query_.limit, answers_.size() - first);
    const auto begin = answers_.begin() + static_cast<std::ptrdiff_t>(first);
    return {begin, begin + static_cast<std::ptrdiff_t>(count)};
  }

 private:
  /// What the protocol adds to an answer, not the index.
  static bool is_protocols(dicom::Tag tag) {
    return tag.is_group_length() || tag == dicom::kSpecificCharacterSet || tag == dicom::kQueryRetrieveLevel ||
           tag == dicom::kRetrieveAeTitle || tag == dicom::kInstanceAvailability;
  }

  std::vector<const StudyNode*> ordered_studies() const {
    std::vector<const StudyNode*> list;
    for (const auto& [uid, study] : studies_) list.push_back(&study);
    using Order = Query::Order;
    const bool by_name = query_.order == Order::patient_name || query_.order == Order::patient_name_reversed;
    if (by_name || query_.order == Order::newest_first || query_.order == Order::oldest_first)
      std::stable_sort(list.begin(), list.end(), [](const auto* a, const auto* b) { return a->moment > b->moment; });
    if (query_.order == Order::oldest_first) turn_round(list, [](const StudyNode& study) { return study.moment; });
    if (by_name) sort_by_name(list);
    return list;
  }

  using StudyList = std::vector<const StudyNode*>;

  /// Those that have a value; the others stay at the end.
  template <class Value>
  static void turn_round(StudyList& list, Value&& value) {
    std::reverse(list.begin(),
                 std::find_if(list.begin(), list.end(), [&](const auto* study) { return value(*study).empty(); }));
  }

  void sort_by_name(StudyList& list) const {
    const auto name = [this](const StudyNode& study) { return name_to_sort_by(study); };
    std::stable_sort(list.begin(), list.end(), [&](const auto* a, const auto* b) {
      const auto first = name(*a);
      const auto second = name(*b);
      const auto uid = [](const StudyNode* study) { return study->text(dicom::kStudyInstanceUid, "UI"); };
      if (first.empty() || second.empty()) return !first.empty();
      return std::pair(first, uid(a)) < std::pair(second, uid(b));
    });
    if (query_.order == Query::Order::patient_name_reversed) turn_round(list, name);
  }

  std::string name_to_sort_by(const StudyNode& study) const {
    const auto element = dicom::DataSetView(study.attributes).find(dicom::kPatientName);
    auto values = element ? dicom::normalised_values(*element) : std::vector<std::string>{};
    if (values.empty()) return {};
    const auto* key = dicom::detail::key_of(keys_, dicom::kPatientName);
    if (key == nullptr || !compares_values(*key)) return values.front();
    std::erase_if(values, [&](const auto& value) { return !dicom::matches_value(*key, value); });
    if (values.empty()) return {};
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    return query_.order == Query::Order::patient_name ? *least : *most;
  }
  static bool compares_values(const dicom::Key& key) {
    using Kind = dicom::Key::Kind;
    return key.kind == Kind::single || key.kind == Kind::list || key.kind == Kind::wildcard;
  }

  void consider(const Witness& witness) {
    for (const auto& key : keys_)
      if (!dicom::matches(key, witness.attributes(dicom::attribute_level(key.tag)))) return;
    if (answered_.insert(entity(witness)).second) answers_.push_back(answer(witness));
  }

  using Entity = std::tuple<Patient, std::string, std::string, std::string>;
  Entity entity(const Witness& witness) const {
    const auto& instance = *witness.image.instance;
    if (query_.level == Level::patient) return {witness.study.patient, {}, {}, {}};
    if (query_.level == Level::study) return {{}, instance.study, {}, {}};
    if (query_.level == Level::series) return {{}, instance.study, instance.series, {}};
    return {{}, {}, {}, instance.sop_instance};
  }

  DataSet answer(const Witness& witness) const {
    dicom::DataSetWriter out;
    for (const auto& asked : dicom::DataSetView(query_.identifier))
      if (!is_protocols(asked.tag))
        dicom::add_answer(out, asked, dicom::detail::key_of(keys_, asked.tag), source(witness, asked.tag));
    return out.take();
  }
  /// Where nothing is said at the attribute's own level, what any object of the study says.
  dicom::DataSetView source(const Witness& witness, dicom::Tag tag) const {
    const auto own = witness.attributes(dicom::attribute_level(tag));
    return own.find(tag) || query_.level == Level::image ? own : witness.attributes(dicom::AttributeLevel::study);
  }

  const Query query_;
  std::vector<dicom::Key> keys_;
  const Studies& studies_;
  std::set<Entity> answered_;
  std::vector<DataSet> answers_;
};

}  // namespace detail

/// The answers to a query, in order.
inline std::vector<DataSet> answer_query(const Query& query, const Studies& studies) {
  try {
    return detail::QueryAnswers(query, studies).all();
  } catch (const Error& e) {
    if (e.code() != Code::corrupt) throw;
    throw Error(Code::invalid, "the identifier of a query is no Explicit VR Little Endian data set");
  }
}

/// The selected instances in the order of `Index::instances`.
inline StoredList select(const Selection& selection, const Studies& studies) {
  const auto in = [](std::span<const std::string_view> list, std::string_view value) {
    return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
  };
  StoredList selected;
  for (const auto& [study_uid, study] : studies) {
    if (!in(selection.study_instance_uids, study_uid)) continue;
    if (!in(selection.patient_ids, study.text(dicom::kPatientId, "LO"))) continue;
    for (const auto& [series_uid, series] : study.series) {
      if (!in(selection.series_instance_uids, series_uid)) continue;
      for (const auto& image : series.images)
        if (in(selection.sop_instance_uids, image.instance->sop_instance)) selected.push_back(image.instance);
    }
  }
  return selected;
}

}  // namespace fermata::testing
