#include "studies/study_record.hpp"

#include <charconv>
#include <cstdint>

#include "fermata/dicom/data_set_writer.hpp"
#include "json_body.hpp"

namespace fermata::admin {
namespace json = boost::json;
namespace {

using dicom::DataSetView;
using dicom::Tag;

struct Attribute {
  Tag tag;
  dicom::Vr vr;
};

constexpr Tag kReferringPhysician{0x0008, 0x0090};
constexpr Tag kStudyDescription{0x0008, 0x1030};
constexpr Tag kPatientSex{0x0010, 0x0040};
constexpr Tag kSeriesDate{0x0008, 0x0021};
constexpr Tag kSeriesTime{0x0008, 0x0031};
constexpr Tag kSeriesDescription{0x0008, 0x103e};
constexpr Tag kBodyPart{0x0018, 0x0015};
constexpr Tag kRows{0x0028, 0x0010};

constexpr Attribute kStudyAttributes[] = {
    {dicom::kStudyDate, "DA"},
    {dicom::kStudyTime, "TM"},
    {dicom::kAccessionNumber, "SH"},
    {dicom::kModalitiesInStudy, "CS"},
    {kReferringPhysician, "PN"},
    {kStudyDescription, "LO"},
    {dicom::kPatientName, "PN"},
    {dicom::kPatientId, "LO"},
    {dicom::kPatientBirthDate, "DA"},
    {kPatientSex, "CS"},
    {dicom::kStudyInstanceUid, "UI"},
    {dicom::kStudyId, "SH"},
    {dicom::kNumberOfStudyRelatedSeries, "IS"},
    {dicom::kNumberOfStudyRelatedInstances, "IS"},
};

constexpr Attribute kSeriesAttributes[] = {
    {dicom::kSopClassUid, "UI"},
    {kSeriesDate, "DA"},
    {kSeriesTime, "TM"},
    {dicom::kModality, "CS"},
    {kSeriesDescription, "LO"},
    {kBodyPart, "CS"},
    {dicom::kStudyInstanceUid, "UI"},
    {dicom::kSeriesInstanceUid, "UI"},
    {dicom::kSeriesNumber, "IS"},
    {dicom::kNumberOfSeriesRelatedInstances, "IS"},
    {kRows, "US"},
};

std::vector<std::byte> identifier(std::span<const Attribute> attributes, const Keys& keys) {
  dicom::DataSetWriter writer;
  for (const auto& [tag, vr] : attributes) {
    const auto key = keys.find(tag);
    if (key == keys.end())
      writer.add_empty(tag, vr);
    else
      writer.add(tag, vr, key->second);
  }
  return writer.take();
}

json::string text(DataSetView from, Tag tag) { return json::string(utf8(from.text(tag))); }

json::value number(DataSetView from, Tag tag) {
  auto digits = from.text(tag);
  while (!digits.empty() && digits.front() == ' ') digits.remove_prefix(1);
  int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size()) return nullptr;
  return value;
}

std::string_view part(std::string_view text, char separator, int index) {
  for (; index > 0; --index) {
    const auto end = text.find(separator);
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find(separator));
}

json::array values(std::string_view text) {
  json::array all;
  for (int i = 0; !text.empty(); ++i) {
    const auto value = text.substr(0, text.find('\\'));
    if (!value.empty()) all.emplace_back(utf8(value));
    text.remove_prefix(std::min(text.size(), value.size() + 1));
  }
  return all;
}

bool has_pixels(DataSetView series) {
  const auto rows = series.find(kRows);
  return rows && rows->value.size() >= 2 && rows->number<uint16_t>() != 0;
}

}  // namespace

std::vector<std::byte> study_identifier(const Keys& keys) { return identifier(kStudyAttributes, keys); }

std::vector<std::byte> series_identifier(const Keys& keys) { return identifier(kSeriesAttributes, keys); }

json::object study_object(DataSetView study) {
  const auto name = study.text(dicom::kPatientName);
  json::object object{
      {"study_instance_uid", text(study, dicom::kStudyInstanceUid)},
      {"patient_name", utf8(part(name, '=', 0))},
      {"patient_id", text(study, dicom::kPatientId)},
      {"patient_birth_date", text(study, dicom::kPatientBirthDate)},
      {"patient_sex", text(study, kPatientSex)},
      {"accession_number", text(study, dicom::kAccessionNumber)},
      {"study_id", text(study, dicom::kStudyId)},
      {"description", text(study, kStudyDescription)},
      {"date", text(study, dicom::kStudyDate)},
      {"time", text(study, dicom::kStudyTime)},
      {"modalities", values(study.text(dicom::kModalitiesInStudy))},
      {"referring_physician", utf8(part(study.text(kReferringPhysician), '=', 0))},
      {"series", number(study, dicom::kNumberOfStudyRelatedSeries)},
      {"instances", number(study, dicom::kNumberOfStudyRelatedInstances)},
  };
  if (const auto ideographic = part(name, '=', 1); !ideographic.empty())
    object["patient_name_ideographic"] = utf8(ideographic);
  return object;
}

json::object series_object(DataSetView series) {
  return {
      {"series_instance_uid", text(series, dicom::kSeriesInstanceUid)},
      {"number", number(series, dicom::kSeriesNumber)},
      {"description", text(series, kSeriesDescription)},
      {"modality", text(series, dicom::kModality)},
      {"date", text(series, kSeriesDate)},
      {"time", text(series, kSeriesTime)},
      {"body_part", text(series, kBodyPart)},
      {"instances", number(series, dicom::kNumberOfSeriesRelatedInstances)},
      {"sop_class_uid", text(series, dicom::kSopClassUid)},
      {"has_pixels", has_pixels(series)},
  };
}

}  // namespace fermata::admin
