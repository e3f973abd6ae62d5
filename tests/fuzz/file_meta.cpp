// Preamble and File Meta Information: as the archive, the SDK and the upload read them.
#include "fermata/dicom/file_meta.hpp"

#include "fermata/error.hpp"
#include "fermata/testing/memory_blob_store.hpp"
#include "file_meta.hpp"
#include "input.hpp"
#include "instance-files/file_head.hpp"

using namespace fermata;

namespace {

constexpr std::string_view kKey = "2024/01/01/x.dcm";

void as_blob(std::span<const std::byte> bytes) {
  testing::MemoryBlobStore blobs;
  const auto writer = blobs.create(kKey);
  writer->append(bytes);
  writer->commit();
  try {
    const auto read = archive::read_file_meta(*blobs.open(kKey));
    fuzz::require(read.data_set_offset <= bytes.size(), "a data set begins inside of its file");
  } catch (const Error&) {
  }
}

void as_sdk(std::span<const std::byte> bytes) {
  try {
    dicom::encode(dicom::FileMetaReader::read(bytes));
  } catch (const Error&) {
  }
}

void as_upload(std::span<const std::byte> bytes, std::size_t piece) {
  instance_files::FileHead head;
  try {
    bool complete = false;
    fuzz::in_pieces(bytes, piece, [&](std::span<const std::byte> next) { complete = complete || head.feed(next); });
    if (!complete) head.finish();
    static_cast<void>(head.surplus().size());
  } catch (const Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::size_t piece = input.byte();
  as_blob(input.bytes());
  as_sdk(input.bytes());
  as_upload(input.bytes(), piece);
  return 0;
}
