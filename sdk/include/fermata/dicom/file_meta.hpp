#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dicom/data_set_writer.hpp"
#include "fermata/implementation.hpp"

namespace fermata::dicom {

/// What stands before the data set in a DICOM file: preamble and File Meta Information (PS3.10 7.1). **Thread**: a
/// value.
struct FileMeta {
  std::string sop_class_uid;
  std::string sop_instance_uid;
  std::string transfer_syntax_uid;
  std::string source_ae_title;      ///< may be empty
  std::string private_creator_uid;  ///< may be empty
  std::string private_information;
};

/// Preamble, prefix and meta information: equal values give equal bytes.
inline std::vector<std::byte> encode(const FileMeta& meta) {
  DataSetWriter elements;
  const std::array version{std::byte{0}, std::byte{1}};
  elements.add(Tag(0x0002, 0x0001), "OB", std::span<const std::byte>(version));
  elements.add(Tag(0x0002, 0x0002), "UI", meta.sop_class_uid);
  elements.add(Tag(0x0002, 0x0003), "UI", meta.sop_instance_uid);
  elements.add(Tag(0x0002, 0x0010), "UI", meta.transfer_syntax_uid);
  elements.add(Tag(0x0002, 0x0012), "UI", kImplementationClassUid);
  elements.add(Tag(0x0002, 0x0013), "SH", kImplementationVersionName);
  if (!meta.source_ae_title.empty()) elements.add(Tag(0x0002, 0x0016), "AE", meta.source_ae_title);
  if (!meta.private_creator_uid.empty()) {
    elements.add(Tag(0x0002, 0x0100), "UI", meta.private_creator_uid);
    elements.add(Tag(0x0002, 0x0102), "OB", meta.private_information);
  }
  DataSetWriter length;
  length.add_u32(Tag(0x0002, 0x0000), static_cast<uint32_t>(elements.bytes().size()));
  std::vector<std::byte> file(128);
  for (const char c : {'D', 'I', 'C', 'M'}) file.push_back(static_cast<std::byte>(c));
  file.insert(file.end(), length.bytes().begin(), length.bytes().end());
  file.insert(file.end(), elements.bytes().begin(), elements.bytes().end());
  return file;
}

/// Reads the beginning of a DICOM file, whoever wrote it, in two steps: `length` of the first `kHead` bytes says how
/// many there are in all, `read` takes those. **Errors**: Error corrupt.
class FileMetaReader {
 public:
  static constexpr std::size_t kHead = 128 + 4 + 12;

  /// Bytes before the data set: preamble, prefix and meta information.
  static std::size_t length(std::span<const std::byte> head) {
    if (head.size() < kHead) corrupt("it is too short");
    if (std::string_view(reinterpret_cast<const char*>(head.data()) + 128, 4) != "DICM")
      corrupt("the prefix DICM is missing");
    Element first;
    DataSetView::parse(head.subspan(132, 12), first, 0);
    if (first.tag != Tag(0x0002, 0x0000) || first.vr != Vr("UL")) corrupt("its meta information has no length");
    const auto rest = first.number<uint32_t>();
    if (rest > kLargest) corrupt("its meta information is too long");
    return kHead + rest;
  }

  static FileMeta read(std::span<const std::byte> bytes) {
    const std::size_t end = length(bytes);
    if (bytes.size() < end) corrupt("its meta information is cut short");
    const DataSetView elements(bytes.first(end).subspan(kHead));
    FileMeta meta;
    meta.sop_class_uid = elements.text(Tag(0x0002, 0x0002));
    meta.sop_instance_uid = elements.text(Tag(0x0002, 0x0003));
    meta.transfer_syntax_uid = elements.text(Tag(0x0002, 0x0010));
    meta.source_ae_title = elements.text(Tag(0x0002, 0x0016));
    meta.private_creator_uid = elements.text(Tag(0x0002, 0x0100));
    meta.private_information = elements.text(Tag(0x0002, 0x0102));
    if (meta.transfer_syntax_uid.empty()) corrupt("its meta information names no transfer syntax");
    return meta;
  }

 private:
  static constexpr std::size_t kLargest = 1 << 20;
  [[noreturn]] static void corrupt(const char* what) {
    throw Error(Code::corrupt, std::string("this is no DICOM file: ") + what);
  }
};

}  // namespace fermata::dicom
