#include "studies/viewer_series.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "fermata/dicom/viewer_series.hpp"
#include "studies/study_record.hpp"

namespace fermata::admin {
namespace json = boost::json;
namespace {

constexpr std::string_view kDocument = "SR";

void subtract(json::object& study, const char* member, int64_t number) {
  if (auto& count = study[member]; count.is_int64()) count = count.as_int64() - number;
}

/// UIDs of the studies that have SR documents, for a key.
std::string with_documents(const json::array& studies) {
  std::string list;
  for (const auto& study : studies) {
    const auto& modalities = study.at("modalities").as_array();
    if (std::find(modalities.begin(), modalities.end(), json::value(kDocument)) == modalities.end()) continue;
    list += (list.empty() ? "" : "\\") + std::string(study.at("study_instance_uid").as_string());
  }
  return list;
}

}  // namespace

bool ViewerSeries::add(const json::object& series) {
  const std::string_view modality = series.at("modality").as_string();
  if (!dicom::is_viewer_series(modality, series.at("description").as_string())) {
    other_documents_ = other_documents_ || modality == kDocument;
    return false;
  }
  ++series_;
  if (const auto* count = series.at("instances").if_int64()) instances_ += *count;
  return true;
}

void ViewerSeries::leave_out_of(json::object& study) const {
  study["hidden_series"] = series_;
  if (series_ == 0) return;
  subtract(study, "series", series_);
  subtract(study, "instances", instances_);
  if (other_documents_) return;
  auto& modalities = study["modalities"].as_array();
  modalities.erase(std::remove(modalities.begin(), modalities.end(), json::value(kDocument)), modalities.end());
}

void leave_out_viewer_series(Archive& archive, json::array& studies) {
  std::map<std::string, ViewerSeries, std::less<>> found;
  if (const auto list = with_documents(studies); !list.empty()) {
    const auto identifier = series_identifier({{dicom::kStudyInstanceUid, list}, {dicom::kModality, "SR"}});
    Query query;
    query.level = Level::series;
    query.identifier = identifier;
    const auto matches = archive.find(query);
    for (std::span<const std::byte> match; matches->next(match);) {
      const dicom::DataSetView series(match);
      found[std::string(series.text(dicom::kStudyInstanceUid))].add(series_object(series));
    }
  }
  for (auto& study : studies) {
    auto& object = study.as_object();
    found[std::string(object.at("study_instance_uid").as_string())].leave_out_of(object);
  }
}

}  // namespace fermata::admin
