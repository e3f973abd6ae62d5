#include "files/dicom_directory.hpp"

#include <optional>

#include "fermata/dicom/file_meta.hpp"
#include "fermata/dicom/transfer_syntax.hpp"
#include "fermata/dicom/uid.hpp"

namespace fermata::admin {
namespace {

using dicom::DataSetWriter;
using dicom::Tag;

constexpr std::string_view kMediaStorageDirectory = "1.2.840.10008.1.3.10";
constexpr std::string_view kFileSetId = "FERMATA";
constexpr uint16_t kInUse = 0xffff;
constexpr Tag kFirstRecord{0x0004, 0x1200};
constexpr Tag kLastRecord{0x0004, 0x1202};
constexpr Tag kNextRecord{0x0004, 0x1400};
constexpr Tag kInUseFlag{0x0004, 0x1410};
constexpr Tag kLowerRecord{0x0004, 0x1420};

// Where the links stand in a record, from its item's tag on: behind its head of 8 bytes, and after elements with heads
// of 8 bytes each.
constexpr std::size_t kNextAt = 8 + 8;
constexpr std::size_t kLowerAt = kNextAt + 4 + (8 + 2) + 8;

/// An attribute that records have to have (PS3.3 F.5), and some objects lack.
struct Required {
  Tag tag;
  dicom::Vr vr;
  bool numbered = false;  ///< by us
};

constexpr Required kRequired[] = {
    {dicom::kStudyDate, "DA"}, {dicom::kStudyTime, "TM"},          {dicom::kAccessionNumber, "SH"},
    {dicom::kModality, "CS"},  {dicom::kPatientName, "PN"},        {dicom::kPatientId, "LO"},
    {dicom::kStudyId, "SH"},   {dicom::kSeriesNumber, "IS", true}, {dicom::kInstanceNumber, "IS", true},
};

void copy(const dicom::DataSetView& header, Tag tag, int number, DataSetWriter& to) {
  for (auto element = header.begin(); element != header.end() && element->tag <= tag; ++element)
    if (element->tag == tag && !element->value.empty()) return to.add_encoded(element.encoded());
  for (const auto& required : kRequired)
    if (required.tag == tag) to.add(tag, required.vr, required.numbered ? std::to_string(number) : "");
}

}  // namespace

void DicomDirectory::add(const InstanceRecord& instance, std::string_view file_id) {
  if (records_.empty()) {
    add_record(0, patient_record(), instance, {});
    add_record(1, study_record(), instance, {});
  }
  if (series_ != instance.series_instance_uid || series_count_ == 0) {
    series_ = instance.series_instance_uid;
    ++series_count_;
    instance_count_ = 0;
    add_record(2, series_record(), instance, {});
  }
  ++instance_count_;
  add_record(3, instance_record(instance.sop_class_uid), instance, file_id);
}

void DicomDirectory::add_record(int level, const RecordType& type, const InstanceRecord& instance,
                                std::string_view file_id) {
  DataSetWriter writer;
  writer.add(Tag(0x0004, 0x1430), "CS", type.name);
  if (!file_id.empty()) {
    writer.add(Tag(0x0004, 0x1500), "CS", file_id);
    writer.add(Tag(0x0004, 0x1510), "UI", instance.sop_class_uid);
    writer.add(Tag(0x0004, 0x1511), "UI", instance.sop_instance_uid);
    writer.add(Tag(0x0004, 0x1512), "UI", instance.transfer_syntax_uid);
  }
  writer.add(dicom::kSpecificCharacterSet, "CS", "ISO_IR 192");
  const dicom::DataSetView header(instance.header);
  for (const auto tag : type.keys) copy(header, tag, level == 2 ? series_count_ : instance_count_, writer);
  records_.push_back({level, writer.take()});
}

std::vector<std::byte> DicomDirectory::file() const {
  dicom::FileMeta meta;
  meta.sop_class_uid = kMediaStorageDirectory;
  meta.sop_instance_uid = dicom::new_uid();
  meta.transfer_syntax_uid = dicom::transfer_syntax::kExplicitLittleEndian;
  auto file = dicom::encode(meta);

  DataSetWriter writer;
  std::vector<std::size_t> offsets;
  writer.add(Tag(0x0004, 0x1130), "CS", kFileSetId);
  const auto root_at = file.size() + writer.bytes().size() + 8;
  writer.add_u32(kFirstRecord, 0);
  writer.add_u32(kLastRecord, 0);
  writer.add_u16(Tag(0x0004, 0x1212), 0);
  writer.begin_sequence(Tag(0x0004, 0x1220));
  for (const auto& record : records_) {
    offsets.push_back(file.size() + writer.bytes().size());
    writer.begin_item();
    writer.add_u32(kNextRecord, 0);
    writer.add_u16(kInUseFlag, kInUse);
    writer.add_u32(kLowerRecord, 0);
    writer.add_encoded(record.after_links);
    writer.end();
  }
  writer.end();
  const auto data_set = writer.take();
  file.insert(file.end(), data_set.begin(), data_set.end());
  if (!offsets.empty())
    for (const auto at : {root_at, root_at + 4 + 8}) patch(file, at, offsets.front());
  link(file, offsets);
  return file;
}

/// Records of one level under one record are a list; the first of them is what the upper one points to.
void DicomDirectory::link(std::vector<std::byte>& file, const std::vector<std::size_t>& offsets) const {
  std::vector<std::optional<std::size_t>> last(4);  // of each level
  for (std::size_t i = 0; i < records_.size(); ++i) {
    const auto level = static_cast<std::size_t>(records_[i].level);
    if (last[level]) patch(file, offsets[*last[level]] + kNextAt, offsets[i]);
    if (!last[level] && level > 0) patch(file, offsets[*last[level - 1]] + kLowerAt, offsets[i]);
    last[level] = i;
    for (auto below = level + 1; below < last.size(); ++below) last[below].reset();
  }
}

void DicomDirectory::patch(std::vector<std::byte>& file, std::size_t at, std::size_t value) {
  if (value > 0xffffffffu) throw Error(Code::invalid, "the DICOMDIR is longer than 4 GiB");
  for (unsigned i = 0; i < 4; ++i) file[at + i] = static_cast<std::byte>(value >> (8 * i) & 0xff);
}

}  // namespace fermata::admin
