#include "file_meta.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dicom/data_set_writer.hpp"

namespace fermata::archive {
namespace {

using dicom::DataSetView;
using dicom::Tag;
using dicom::Vr;

constexpr std::size_t kPreamble = 128;
constexpr std::size_t kGroupLengthElement = 12;
constexpr std::size_t kLargestMeta = 1 << 20;
constexpr Tag kGroupLength{0x0002, 0x0000};
constexpr Tag kVersion{0x0002, 0x0001};
constexpr Tag kMediaStorageSopClassUid{0x0002, 0x0002};
constexpr Tag kMediaStorageSopInstanceUid{0x0002, 0x0003};
constexpr Tag kTransferSyntaxUid{0x0002, 0x0010};
constexpr Tag kImplementationClassUid{0x0002, 0x0012};
constexpr Tag kImplementationVersionName{0x0002, 0x0013};
constexpr Tag kSourceAeTitle{0x0002, 0x0016};
constexpr Tag kPrivateInformationCreatorUid{0x0002, 0x0100};
constexpr Tag kPrivateInformation{0x0002, 0x0102};

// Derived from UUIDs (PS3.5 B.2); fixed for good, since files carry them.
constexpr std::string_view kImplementation = "2.25.136893245178842913461170931268433297207";
constexpr std::string_view kPrivateCreator = "2.25.218376180214987623110364593217780215409";
constexpr std::string_view kVersionName = "FERMATA_0_1";
constexpr std::string_view kReceived = "received_us=";

[[noreturn]] void corrupt(const char* what) {
  throw Error(Code::corrupt, std::string("the blob is no DICOM file: ") + what);
}

std::string_view chars(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

int64_t received(DataSetView elements) {
  if (elements.text(kPrivateInformationCreatorUid) != kPrivateCreator) return 0;
  const auto text = elements.text(kPrivateInformation);
  if (text.substr(0, kReceived.size()) != kReceived) return 0;
  int64_t value = 0;
  std::from_chars(text.data() + kReceived.size(), text.data() + text.size(), value);
  return value;
}

/// The elements after the group length, which is required (PS3.10 7.1).
std::vector<std::byte> read_group(BlobReader& blob) {
  std::array<std::byte, kPreamble + 4 + kGroupLengthElement> head;
  if (blob.read_at(0, head) < head.size()) corrupt("it is too short");
  if (chars(std::span(head).subspan(kPreamble, 4)) != "DICM") corrupt("the prefix DICM is missing");
  dicom::Element first;
  DataSetView::parse(std::span(head).subspan(kPreamble + 4), first, 0);
  if (first.tag != kGroupLength || first.vr != Vr("UL")) corrupt("its meta information has no length");
  const auto length = first.number<uint32_t>();
  if (length > kLargestMeta) corrupt("its meta information is too long");
  std::vector<std::byte> group(length);
  if (blob.read_at(head.size(), group) < group.size()) corrupt("its meta information is cut short");
  return group;
}

}  // namespace

std::vector<std::byte> FileMeta::encode() const {
  dicom::DataSetWriter elements;
  const std::array version{std::byte{0}, std::byte{1}};
  elements.add(kVersion, Vr("OB"), std::span<const std::byte>(version));
  elements.add(kMediaStorageSopClassUid, Vr("UI"), sop_class_uid);
  elements.add(kMediaStorageSopInstanceUid, Vr("UI"), sop_instance_uid);
  elements.add(kTransferSyntaxUid, Vr("UI"), transfer_syntax_uid);
  elements.add(kImplementationClassUid, Vr("UI"), kImplementation);
  elements.add(kImplementationVersionName, Vr("SH"), kVersionName);
  if (!source_ae_title.empty()) elements.add(kSourceAeTitle, Vr("AE"), source_ae_title);
  elements.add(kPrivateInformationCreatorUid, Vr("UI"), kPrivateCreator);
  elements.add(kPrivateInformation, Vr("OB"), std::string(kReceived) + std::to_string(received_us));

  dicom::DataSetWriter length;
  length.add_u32(kGroupLength, static_cast<uint32_t>(elements.bytes().size()));
  std::vector<std::byte> file(kPreamble);
  for (const char c : {'D', 'I', 'C', 'M'}) file.push_back(static_cast<std::byte>(c));
  file.insert(file.end(), length.bytes().begin(), length.bytes().end());
  file.insert(file.end(), elements.bytes().begin(), elements.bytes().end());
  return file;
}

ReadFileMeta read_file_meta(BlobReader& blob) {
  const auto group = read_group(blob);
  const DataSetView elements(group);
  ReadFileMeta read;
  read.meta.sop_class_uid = elements.text(kMediaStorageSopClassUid);
  read.meta.sop_instance_uid = elements.text(kMediaStorageSopInstanceUid);
  read.meta.transfer_syntax_uid = elements.text(kTransferSyntaxUid);
  read.meta.source_ae_title = elements.text(kSourceAeTitle);
  read.meta.received_us = received(elements);
  read.data_set_offset = kPreamble + 4 + kGroupLengthElement + group.size();
  if (read.meta.transfer_syntax_uid.empty()) corrupt("its meta information names no transfer syntax");
  return read;
}

}  // namespace fermata::archive
