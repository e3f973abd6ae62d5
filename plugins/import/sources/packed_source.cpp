#include "sources/packed_source.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <charconv>
#include <fstream>
#include <vector>

#include "fermata/error.hpp"
#include "file_names.hpp"

namespace fermata::imports {
namespace {

constexpr std::size_t kPiece = 256 * 1024;
constexpr std::size_t kTarMark = 257;

std::string reason_of(::archive* packed) {
  const char* reason = archive_error_string(packed);
  return reason == nullptr ? "it is damaged" : reason;
}

std::string name_of(archive_entry* entry) {
  const char* name = archive_entry_pathname_utf8(entry);
  if (name == nullptr) name = archive_entry_pathname(entry);
  return name == nullptr ? "?" : escaped(name);
}

}  // namespace

/// The bytes of the entry that libarchive stands at.
class PackedSource::Member final : public ByteStream {
 public:
  explicit Member(::archive* packed) : packed_(packed), buffer_(kPiece) {}
  std::span<const std::byte> read() override {
    const auto count = archive_read_data(packed_, buffer_.data(), buffer_.size());
    if (count < 0) throw Error(Code::io, "it can't be unpacked: " + reason_of(packed_));
    return std::span(buffer_).first(static_cast<std::size_t>(count));
  }

 private:
  ::archive* const packed_;
  std::vector<std::byte> buffer_;
};

void PackedSource::Close::operator()(::archive* packed) const { archive_read_free(packed); }

PackedSource::PackedSource(std::filesystem::path path) : path_(std::move(path)) { go_on_after({}); }
PackedSource::~PackedSource() = default;

void PackedSource::go_on_after(std::string_view position) {
  packed_.reset(archive_read_new());
  archive_read_support_format_zip(packed_.get());
  archive_read_support_format_tar(packed_.get());
  archive_read_support_filter_gzip(packed_.get());
  if (archive_read_open_filename(packed_.get(), path_.c_str(), kPiece) != ARCHIVE_OK) fail();
  number_ = 0;
  uint64_t last = 0;
  std::from_chars(position.data(), position.data() + position.size(), last);
  for (Entry skipped; number_ < last && next(skipped);) skipped.stream.reset();
}

bool PackedSource::next(Entry& entry) {
  for (;;) {
    archive_entry* header = nullptr;
    const auto result = archive_read_next_header(packed_.get(), &header);
    if (result == ARCHIVE_EOF) return false;
    if (result != ARCHIVE_OK && result != ARCHIVE_WARN) fail();
    if (archive_entry_filetype(header) == AE_IFDIR) continue;
    entry = {};
    entry.name = name_of(header);
    entry.position = std::to_string(++number_);
    if (archive_entry_filetype(header) != AE_IFREG) {
      entry.problem = "it is no regular file";
      entry.outcome = Outcome::not_dicom;
    } else {
      entry.stream = std::make_unique<Member>(packed_.get());
    }
    return true;
  }
}

uint64_t PackedSource::count(const std::function<bool()>& stop) {
  uint64_t number = 0;
  PackedSource again(path_);
  for (Entry entry; !stop() && again.next(entry);) ++number;
  return number;
}

void PackedSource::fail() const {
  throw Error(Code::invalid, escaped(path_.filename().native()) + " can't be read on: " + reason_of(packed_.get()));
}

bool is_packed(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string begin(kTarMark + 5, '\0');
  stream.read(begin.data(), static_cast<std::streamsize>(begin.size()));
  return begin.starts_with("PK\x03\x04") || begin.starts_with("PK\x05\x06") || begin.starts_with("\x1f\x8b") ||
         begin.substr(kTarMark) == "ustar";
}

}  // namespace fermata::imports
