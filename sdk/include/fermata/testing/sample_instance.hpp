#pragma once
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fermata/dicom/data_set_writer.hpp"
#include "fermata/index.hpp"

namespace fermata::testing {

/// An attribute as PS3.6 lists it.
struct Attribute {
  dicom::Tag tag;
  dicom::Vr vr;
};

/// Attributes that tests are written with.
namespace attribute {
inline constexpr Attribute sop_class_uid{dicom::kSopClassUid, "UI"};
inline constexpr Attribute sop_instance_uid{dicom::kSopInstanceUid, "UI"};
inline constexpr Attribute study_date{dicom::kStudyDate, "DA"};
inline constexpr Attribute series_date{dicom::Tag(0x0008, 0x0021), "DA"};
inline constexpr Attribute acquisition_date_time{dicom::Tag(0x0008, 0x002a), "DT"};
inline constexpr Attribute study_time{dicom::kStudyTime, "TM"};
inline constexpr Attribute series_time{dicom::Tag(0x0008, 0x0031), "TM"};
inline constexpr Attribute accession_number{dicom::kAccessionNumber, "SH"};
inline constexpr Attribute modality{dicom::kModality, "CS"};
inline constexpr Attribute modalities_in_study{dicom::kModalitiesInStudy, "CS"};
inline constexpr Attribute sop_classes_in_study{dicom::kSopClassesInStudy, "UI"};
inline constexpr Attribute image_type{dicom::Tag(0x0008, 0x0008), "CS"};
inline constexpr Attribute referring_physician{dicom::Tag(0x0008, 0x0090), "PN"};
inline constexpr Attribute study_description{dicom::Tag(0x0008, 0x1030), "LO"};
inline constexpr Attribute series_description{dicom::Tag(0x0008, 0x103e), "LO"};
inline constexpr Attribute patient_name{dicom::kPatientName, "PN"};
inline constexpr Attribute patient_id{dicom::kPatientId, "LO"};
inline constexpr Attribute issuer_of_patient_id{dicom::kIssuerOfPatientId, "LO"};
inline constexpr Attribute birth_date{dicom::kPatientBirthDate, "DA"};
inline constexpr Attribute birth_time{dicom::Tag(0x0010, 0x0032), "TM"};
inline constexpr Attribute patient_sex{dicom::Tag(0x0010, 0x0040), "CS"};
inline constexpr Attribute patient_weight{dicom::Tag(0x0010, 0x1030), "DS"};
inline constexpr Attribute patient_comments{dicom::Tag(0x0010, 0x4000), "LT"};
inline constexpr Attribute slice_thickness{dicom::Tag(0x0018, 0x0050), "DS"};
inline constexpr Attribute study_instance_uid{dicom::kStudyInstanceUid, "UI"};
inline constexpr Attribute series_instance_uid{dicom::kSeriesInstanceUid, "UI"};
inline constexpr Attribute study_id{dicom::kStudyId, "SH"};
inline constexpr Attribute series_number{dicom::kSeriesNumber, "IS"};
inline constexpr Attribute instance_number{dicom::kInstanceNumber, "IS"};
inline constexpr Attribute patient_related_studies{dicom::kNumberOfPatientRelatedStudies, "IS"};
inline constexpr Attribute patient_related_series{dicom::kNumberOfPatientRelatedSeries, "IS"};
inline constexpr Attribute patient_related_instances{dicom::kNumberOfPatientRelatedInstances, "IS"};
inline constexpr Attribute study_related_series{dicom::kNumberOfStudyRelatedSeries, "IS"};
inline constexpr Attribute study_related_instances{dicom::kNumberOfStudyRelatedInstances, "IS"};
inline constexpr Attribute series_related_instances{dicom::kNumberOfSeriesRelatedInstances, "IS"};
inline constexpr Attribute request_attributes{dicom::Tag(0x0040, 0x0275), "SQ"};
inline constexpr Attribute scheduled_step_id{dicom::Tag(0x0040, 0x0009), "SH"};
inline constexpr Attribute scheduled_step_description{dicom::Tag(0x0040, 0x0007), "LO"};
inline constexpr Attribute private_creator{dicom::Tag(0x0019, 0x0010), "LO"};
inline constexpr Attribute private_text{dicom::Tag(0x0019, 0x1001), "LO"};
}  // namespace attribute

/// A data set of text attributes, in whatever order they are set.
/// **Ownership**: owns its bytes; `bytes` is valid until the next change.
class SampleDataSet {
 public:
  SampleDataSet& set(Attribute attribute, std::string_view value) {
    dicom::DataSetWriter writer;
    writer.add(attribute.tag, attribute.vr, value);
    return put(attribute.tag, writer);
  }
  /// A sequence with these items; none: an empty one.
  SampleDataSet& set_items(Attribute sequence, const std::vector<SampleDataSet>& items) {
    dicom::DataSetWriter writer;
    writer.begin_sequence(sequence.tag);
    for (const auto& item : items) {
      writer.begin_item();
      for (const auto& [tag, encoded] : item.elements_) writer.add_encoded(encoded);
      writer.end();
    }
    writer.end();
    return put(sequence.tag, writer);
  }
  SampleDataSet& erase(Attribute attribute) {
    elements_.erase(attribute.tag);
    return join();
  }
  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  SampleDataSet& put(dicom::Tag tag, dicom::DataSetWriter& writer) {
    elements_.insert_or_assign(tag, writer.take());
    return join();
  }
  /// With each change, not when the bytes are asked for: several threads may ask.
  SampleDataSet& join() {
    bytes_.clear();
    for (const auto& [tag, encoded] : elements_) bytes_.insert(bytes_.end(), encoded.begin(), encoded.end());
    return *this;
  }
  std::map<dicom::Tag, std::vector<std::byte>> elements_;
  std::vector<std::byte> bytes_;
};

/// An instance to put into an index: a CT image of the patient DOE^JOHN unless something else is set.
/// **Ownership**: the record borrows from it, until the next change.
class SampleInstance {
 public:
  SampleInstance(std::string study, std::string series, std::string instance)
      : study_(std::move(study)), series_(std::move(series)), instance_(std::move(instance)) {
    blob_key_ = "2024/01/02/" + instance_ + ".dcm";
    set(attribute::sop_class_uid, sop_class_);
    set(attribute::sop_instance_uid, instance_);
    set(attribute::study_date, "20240102");
    set(attribute::study_time, "101112");
    set(attribute::modality, "CT");
    set(attribute::patient_name, "DOE^JOHN");
    set(attribute::patient_id, "4711");
    set(attribute::birth_date, "19700203");
    set(attribute::study_instance_uid, study_);
    set(attribute::series_instance_uid, series_);
    set(attribute::instance_number, "1");
  }

  SampleInstance& set(Attribute attribute, std::string_view value) {
    if (attribute.tag == dicom::kSopClassUid) sop_class_ = value;
    header_.set(attribute, value);
    return *this;
  }
  SampleInstance& set_items(Attribute sequence, const std::vector<SampleDataSet>& items) {
    header_.set_items(sequence, items);
    return *this;
  }
  SampleInstance& erase(Attribute attribute) {
    header_.erase(attribute);
    return *this;
  }
  SampleInstance& blob(std::string key, uint64_t length) {
    blob_key_ = std::move(key);
    blob_length_ = length;
    return *this;
  }

  const std::string& study() const { return study_; }
  InstanceRecord record() const&& = delete;
  InstanceRecord record() const& {
    InstanceRecord r;
    r.study_instance_uid = study_;
    r.series_instance_uid = series_;
    r.sop_instance_uid = instance_;
    r.sop_class_uid = sop_class_;
    r.transfer_syntax_uid = "1.2.840.10008.1.2.1";
    r.header = header_.bytes();
    r.blob_key = blob_key_;
    r.blob_length = blob_length_;
    r.data_set_offset = 348;
    for (std::size_t i = 0; i < r.checksum.size(); ++i) r.checksum[i] = static_cast<uint8_t>(0xf0 + i);
    r.received_us = 1'700'000'000'123'456;
    r.source_ae_title = "SCANNER";
    r.bulk = {kBulk, 1};
    return r;
  }

 private:
  static constexpr BulkValue kBulk[] = {{0x7fe00010u, {'O', 'W'}, 0, 1024, UINT64_MAX}};
  std::string study_;
  std::string series_;
  std::string instance_;
  std::string sop_class_ = "1.2.840.10008.5.1.4.1.1.2";
  std::string blob_key_;
  uint64_t blob_length_ = 1000;
  SampleDataSet header_;
};

}  // namespace fermata::testing
