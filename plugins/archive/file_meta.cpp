#include "file_meta.hpp"

#include <charconv>
#include <string_view>

#include "fermata/dicom/file_meta.hpp"

namespace fermata::archive {
namespace {

// Derived from a UUID (PS3.5 B.2); fixed for good, since files carry it.
constexpr std::string_view kPrivateCreator = "2.25.218376180214987623110364593217780215409";
constexpr std::string_view kReceived = "received_us=";

int64_t received(const dicom::FileMeta& meta) {
  const std::string_view text = meta.private_information;
  if (meta.private_creator_uid != kPrivateCreator || !text.starts_with(kReceived)) return 0;
  int64_t value = 0;
  std::from_chars(text.data() + kReceived.size(), text.data() + text.size(), value);
  return value;
}

}  // namespace

std::vector<std::byte> FileMeta::encode() const {
  return dicom::encode(dicom::FileMeta{sop_class_uid, sop_instance_uid, transfer_syntax_uid, source_ae_title,
                                       std::string(kPrivateCreator),
                                       std::string(kReceived) + std::to_string(received_us)});
}

ReadFileMeta read_file_meta(BlobReader& blob) {
  using Reader = dicom::FileMetaReader;
  std::vector<std::byte> bytes(Reader::kHead);
  bytes.resize(static_cast<std::size_t>(blob.read_at(0, bytes)));
  bytes.resize(Reader::length(bytes));
  bytes.resize(static_cast<std::size_t>(blob.read_at(0, bytes)));
  auto meta = Reader::read(bytes);
  const auto time = received(meta);
  return {{std::move(meta.sop_class_uid), std::move(meta.sop_instance_uid), std::move(meta.transfer_syntax_uid),
           std::move(meta.source_ae_title), time},
          bytes.size()};
}

}  // namespace fermata::archive
