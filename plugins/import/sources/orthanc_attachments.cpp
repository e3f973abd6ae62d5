#include "sources/orthanc_attachments.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "fermata/error.hpp"
#include "sources/file_stream.hpp"
#include "sources/inflated_stream.hpp"

namespace fermata::imports {
namespace fs = std::filesystem;
namespace {

constexpr int64_t kDicom = 1;         // Orthanc's FileContentType
constexpr int64_t kUncompressed = 1;  // and its CompressionType; 2 is zlib with the size in front

bool is_hexadecimal(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isxdigit(c) != 0; });
}

/// Whether the stream has a tag of the group 0028 for rows but no pixel data: an image that is cut before these.
bool is_cut(ByteStream& stream) {
  constexpr std::string_view kRows("\x28\x00\x10\x00", 4);
  constexpr std::array<std::string_view, 3> kPixels{std::string_view("\xe0\x7f\x10\x00", 4),
                                                    std::string_view("\xe0\x7f\x08\x00", 4),
                                                    std::string_view("\xe0\x7f\x09\x00", 4)};
  bool rows = false;
  std::string held;
  for (auto piece = stream.read(); !piece.empty(); piece = stream.read()) {
    held.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    for (const auto mark : kPixels)
      if (held.find(mark) != std::string::npos) return false;
    rows = rows || held.find(kRows) != std::string::npos;
    held.erase(0, held.size() - std::min<std::size_t>(held.size(), 3));
  }
  return rows;
}

std::unique_ptr<ByteStream> opened(const fs::path& file) {
  auto plain_file = std::make_unique<FileStream>(file);
  return InflatedStream::has_size_in_front(file) ? std::make_unique<InflatedStream>(std::move(plain_file))
                                                 : std::unique_ptr<ByteStream>(std::move(plain_file));
}

}  // namespace

bool is_attachment(const fs::path& relative) {
  const auto name = relative.filename().native();
  return std::distance(relative.begin(), relative.end()) == 3 && name.size() == 36 &&
         *relative.begin() == name.substr(0, 2) && *std::next(relative.begin()) == name.substr(2, 2) &&
         is_hexadecimal(name.substr(0, 8));
}

OrthancAttachments::OrthancAttachments(std::shared_ptr<const DatabaseCopy> database) : database_(std::move(database)) {
  if (database_ && database_->has_table("AttachedFiles"))
    attachment_.emplace(database_->rows("SELECT fileType, compressionType FROM AttachedFiles WHERE uuid = ?"));
}

void OrthancAttachments::adapt(Entry& entry, const fs::path& relative, const fs::path& full) {
  if (!is_attachment(relative)) return;
  if (attachment_) {
    attachment_->again();
    attachment_->bind(1, relative.filename().native());
    if (attachment_->next()) {
      if (attachment_->integer(0) != kDicom) {
        entry.problem =
            "an attachment of Orthanc that is no object (type " + std::to_string(attachment_->integer(0)) + ")";
        entry.outcome = Outcome::not_dicom;
      } else if (attachment_->integer(1) != kUncompressed) {
        entry.open = [full]() -> std::unique_ptr<ByteStream> {
          return std::make_unique<InflatedStream>(std::make_unique<FileStream>(full));
        };
      }
      return;
    }
  }
  entry.open = [full] {
    if (is_cut(*opened(full)))
      throw Error(Code::corrupt,
                  "the beginning of an image, up to its pixel data: Orthanc keeps such beside the object");
    return opened(full);
  };
}

}  // namespace fermata::imports
