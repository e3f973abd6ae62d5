#include "zip_writer.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <utility>

namespace fermata::instance_files {
namespace {

constexpr std::size_t kBuffer = 256 * 1024;
constexpr int kReadableFile = 0644;

}  // namespace

ZipWriter::ZipWriter(BodyWriter& body) : body_(body), zip_(archive_write_new()), buffer_(kBuffer) {
  check(archive_write_set_format_zip(zip_));
  check(archive_write_zip_set_compression_store(zip_));
  check(archive_write_set_bytes_per_block(zip_, 0));
  check(archive_write_open(zip_, this, nullptr, &ZipWriter::take, nullptr));
}

/// Where it was not finished, the library writes an end that goes nowhere: told that it has failed, it would leak.
ZipWriter::~ZipWriter() {
  ended_ = true;
  archive_write_free(zip_);
}

void ZipWriter::begin(const std::string& name, int64_t modified_us, uint64_t length) {
  const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(archive_entry_new(), &archive_entry_free);
  archive_entry_set_pathname(entry.get(), name.c_str());
  archive_entry_set_size(entry.get(), static_cast<int64_t>(length));
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), kReadableFile);
  archive_entry_set_mtime(entry.get(), modified_us / 1'000'000, 0);
  check(archive_write_header(zip_, entry.get()));
}

void ZipWriter::add(const std::string& name, int64_t modified_us, const InstanceFile& file) {
  begin(name, modified_us, file.length());
  for (uint64_t at = 0; at < file.length();) {
    const auto count = static_cast<std::size_t>(file.read_at(at, buffer_));
    if (count == 0) throw Error(Code::corrupt, "a stored object ends too early: run `fermata verify`");
    check(archive_write_data(zip_, buffer_.data(), count));
    at += count;
  }
  check(archive_write_finish_entry(zip_));
}

void ZipWriter::add(const std::string& name, int64_t modified_us, std::span<const std::byte> file) {
  begin(name, modified_us, file.size());
  check(archive_write_data(zip_, file.data(), file.size()));
  check(archive_write_finish_entry(zip_));
}

void ZipWriter::finish() { check(archive_write_close(zip_)); }

long ZipWriter::take(::archive*, void* self, const void* data, std::size_t size) {
  auto& writer = *static_cast<ZipWriter*>(self);
  try {
    if (!writer.ended_) writer.body_.add(std::span(static_cast<const std::byte*>(data), size));
  } catch (...) {
    writer.ended_ = true;
    writer.failure_ = std::current_exception();
  }
  return static_cast<long>(size);
}

void ZipWriter::check(long result) {
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  if (result >= 0) return;
  const char* reason = archive_error_string(zip_);
  throw Error(Code::internal, std::string("a ZIP file could not be written: ") + (reason == nullptr ? "" : reason));
}

}  // namespace fermata::instance_files
