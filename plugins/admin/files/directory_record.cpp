#include "files/directory_record.hpp"

#include <algorithm>

namespace fermata::admin {
namespace {

using dicom::Tag;

constexpr Tag kContentDate{0x0008, 0x0023};
constexpr Tag kContentTime{0x0008, 0x0033};
constexpr Tag kConceptName{0x0040, 0xa043};

struct KnownType {
  std::string_view sop_classes;  ///< how their UIDs begin
  RecordType record;
};

/// The longest beginnings first.
const std::vector<KnownType>& known_types() {
  static const std::vector<KnownType> types{
      {"1.2.840.10008.5.1.4.1.1.88.59",
       {"KEY OBJECT DOC", {kContentDate, kContentTime, dicom::kInstanceNumber, kConceptName}}},
      {"1.2.840.10008.5.1.4.1.1.481.2", {"RT DOSE", {dicom::kInstanceNumber, Tag(0x3004, 0x000a)}}},
      {"1.2.840.10008.5.1.4.1.1.481.3",
       {"RT STRUCTURE SET", {dicom::kInstanceNumber, Tag(0x3006, 0x0002), Tag(0x3006, 0x0008), Tag(0x3006, 0x0009)}}},
      {"1.2.840.10008.5.1.4.1.1.481.5",
       {"RT PLAN", {dicom::kInstanceNumber, Tag(0x300a, 0x0002), Tag(0x300a, 0x0006), Tag(0x300a, 0x0007)}}},
      {"1.2.840.10008.5.1.4.1.1.481.4",
       {"RT TREAT RECORD", {dicom::kInstanceNumber, Tag(0x3008, 0x0250), Tag(0x3008, 0x0251)}}},
      {"1.2.840.10008.5.1.4.1.1.104.",
       {"ENCAP DOC",
        {kContentDate, kContentTime, dicom::kInstanceNumber, kConceptName, Tag(0x0042, 0x0010), Tag(0x0042, 0x0012)}}},
      {"1.2.840.10008.5.1.4.1.1.66.1",
       {"REGISTRATION",
        {kContentDate, kContentTime, dicom::kInstanceNumber, Tag(0x0070, 0x0080), Tag(0x0070, 0x0081),
         Tag(0x0070, 0x0084)}}},
      {"1.2.840.10008.5.1.4.1.1.88.",
       {"SR DOCUMENT",
        {kContentDate, kContentTime, dicom::kInstanceNumber, Tag(0x0040, 0xa030), kConceptName, Tag(0x0040, 0xa491),
         Tag(0x0040, 0xa493)}}},
      {"1.2.840.10008.5.1.4.1.1.11.",
       {"PRESENTATION",
        {Tag(0x0008, 0x1115), dicom::kInstanceNumber, Tag(0x0070, 0x0080), Tag(0x0070, 0x0081), Tag(0x0070, 0x0082),
         Tag(0x0070, 0x0083), Tag(0x0070, 0x0084)}}},
      {"1.2.840.10008.5.1.4.1.1.9.", {"WAVEFORM", {kContentDate, kContentTime, dicom::kInstanceNumber}}},
  };
  return types;
}

bool is_raw_data(std::string_view sop_class) { return sop_class == "1.2.840.10008.5.1.4.1.1.66"; }

}  // namespace

const RecordType& patient_record() {
  static const RecordType type{"PATIENT", {dicom::kPatientName, dicom::kPatientId}};
  return type;
}

const RecordType& study_record() {
  static const RecordType type{"STUDY",
                               {dicom::kStudyDate, dicom::kStudyTime, dicom::kAccessionNumber, Tag(0x0008, 0x1030),
                                dicom::kStudyInstanceUid, dicom::kStudyId}};
  return type;
}

const RecordType& series_record() {
  static const RecordType type{
      "SERIES", {dicom::kModality, Tag(0x0008, 0x103e), dicom::kSeriesInstanceUid, dicom::kSeriesNumber}};
  return type;
}

const RecordType& instance_record(std::string_view sop_class_uid) {
  static const RecordType image{
      "IMAGE",
      {Tag(0x0008, 0x0008), dicom::kInstanceNumber, Tag(0x0028, 0x0008), Tag(0x0028, 0x0010), Tag(0x0028, 0x0011)}};
  static const RecordType raw_data{"RAW DATA", {kContentDate, kContentTime, dicom::kInstanceNumber}};
  if (is_raw_data(sop_class_uid)) return raw_data;
  const auto found = std::find_if(known_types().begin(), known_types().end(),
                                  [&](const KnownType& type) { return sop_class_uid.starts_with(type.sop_classes); });
  return found == known_types().end() ? image : found->record;
}

}  // namespace fermata::admin
