#include "files/zip_reader.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <utility>

#include "fermata/error.hpp"

namespace fermata::admin {
namespace {

constexpr std::size_t kBuffer = 256 * 1024;

}  // namespace

ZipReader::ZipReader(Source source) : source_(std::move(source)), zip_(archive_read_new()), buffer_(kBuffer) {
  archive_read_support_format_zip_streamable(zip_.get());
  if (archive_read_open(zip_.get(), this, nullptr, &ZipReader::give, nullptr) != ARCHIVE_OK) fail();
}

void ZipReader::Free::operator()(::archive* zip) const { archive_read_free(zip); }

bool ZipReader::next() {
  for (;;) {
    archive_entry* entry = nullptr;
    const auto result = archive_read_next_header(zip_.get(), &entry);
    if (result == ARCHIVE_EOF) return false;
    if (result != ARCHIVE_OK && result != ARCHIVE_WARN) fail();
    if (archive_entry_filetype(entry) == AE_IFDIR) continue;
    const char* name = archive_entry_pathname_utf8(entry);
    if (name == nullptr) name = archive_entry_pathname(entry);
    name_ = name == nullptr ? "" : name;
    return true;
  }
}

std::span<const std::byte> ZipReader::read() {
  const auto count = archive_read_data(zip_.get(), buffer_.data(), buffer_.size());
  if (count < 0) fail();
  return std::span(buffer_).first(static_cast<std::size_t>(count));
}

long ZipReader::give(::archive* zip, void* self, const void** data) {
  auto& reader = *static_cast<ZipReader*>(self);
  try {
    const auto bytes = reader.source_();
    *data = bytes.data();
    return static_cast<long>(bytes.size());
  } catch (...) {
    reader.failure_ = std::current_exception();
    archive_set_error(zip, -1, "the source failed");
    return -1;
  }
}

void ZipReader::fail() {
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  const char* reason = archive_error_string(zip_.get());
  throw Error(Code::invalid, std::string("the ZIP file can't be read on: ") + (reason == nullptr ? "" : reason));
}

}  // namespace fermata::admin
