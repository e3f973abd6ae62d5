#include "query-retrieve/information_model.hpp"

#include <array>
#include <string>

namespace fermata::dimse {
namespace {

using Root = InformationModel::Root;
using Operation = InformationModel::Operation;

constexpr std::array<InformationModel, 9> kModels{{
    {"1.2.840.10008.5.1.4.1.2.1.1", Root::patient, Operation::find},
    {"1.2.840.10008.5.1.4.1.2.1.2", Root::patient, Operation::move},
    {"1.2.840.10008.5.1.4.1.2.1.3", Root::patient, Operation::get},
    {"1.2.840.10008.5.1.4.1.2.2.1", Root::study, Operation::find},
    {"1.2.840.10008.5.1.4.1.2.2.2", Root::study, Operation::move},
    {"1.2.840.10008.5.1.4.1.2.2.3", Root::study, Operation::get},
    {"1.2.840.10008.5.1.4.1.2.3.1", Root::patient_study_only, Operation::find},
    {"1.2.840.10008.5.1.4.1.2.3.2", Root::patient_study_only, Operation::move},
    {"1.2.840.10008.5.1.4.1.2.3.3", Root::patient_study_only, Operation::get},
}};
constexpr std::array<Level, 4> kLevels{Level::patient, Level::study, Level::series, Level::image};

}  // namespace

std::span<const InformationModel> information_models() { return kModels; }

const InformationModel* information_model(std::string_view sop_class_uid) {
  for (const auto& model : kModels)
    if (model.sop_class_uid == sop_class_uid) return &model;
  return nullptr;
}

std::optional<Level> level_named(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  std::string name(text);
  for (char& c : name)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  for (const auto level : kLevels)
    if (name == name_of(level)) return level;
  return {};
}

std::string_view name_of(Level level) {
  switch (level) {
    case Level::patient:
      return "PATIENT";
    case Level::study:
      return "STUDY";
    case Level::series:
      return "SERIES";
    case Level::image:
      break;
  }
  return "IMAGE";
}

dicom::Tag unique_key(Level level) {
  switch (level) {
    case Level::patient:
      return dicom::kPatientId;
    case Level::study:
      return dicom::kStudyInstanceUid;
    case Level::series:
      return dicom::kSeriesInstanceUid;
    case Level::image:
      break;
  }
  return dicom::kSopInstanceUid;
}

}  // namespace fermata::dimse
