#include "instance_file.hpp"

#include <algorithm>

#include "fermata/dicom/file_meta.hpp"

namespace fermata::instance_files {

std::unique_ptr<ObjectReader> open_data_set(Archive& archive, Transcoder* transcoder, const InstanceRecord& record,
                                            std::string_view transfer_syntax) {
  auto object = archive.open(record);
  if (record.transfer_syntax_uid == transfer_syntax) return object;
  if (transcoder == nullptr)
    throw Error(Code::unsupported, "no plugin is loaded that changes transfer syntaxes (`codecs`)");
  return transcoder->transcode(std::move(object), record.transfer_syntax_uid, transfer_syntax);
}

namespace {

std::vector<std::byte> meta_of(const InstanceRecord& record, std::string_view transfer_syntax) {
  dicom::FileMeta meta;
  meta.sop_class_uid = record.sop_class_uid;
  meta.sop_instance_uid = record.sop_instance_uid;
  meta.transfer_syntax_uid = transfer_syntax;
  meta.source_ae_title = record.source_ae_title;
  return dicom::encode(meta);
}

}  // namespace

InstanceFile::InstanceFile(Archive& archive, Transcoder* transcoder, const InstanceRecord& record,
                           std::string_view transfer_syntax)
    : meta_(meta_of(record, transfer_syntax)), data_set_(open_data_set(archive, transcoder, record, transfer_syntax)) {}

void InstanceFile::write_to(BodyWriter& body) const {
  body.add(meta_);
  body.add(*data_set_, 0, data_set_->length());
}

uint64_t InstanceFile::read_at(uint64_t offset, std::span<std::byte> into) const {
  if (offset >= meta_.size()) return data_set_->read_at(offset - meta_.size(), into);
  const auto rest = std::span(meta_).subspan(static_cast<std::size_t>(offset));
  const auto count = std::min(rest.size(), into.size());
  std::copy_n(rest.begin(), count, into.begin());
  return count;
}

}  // namespace fermata::instance_files
