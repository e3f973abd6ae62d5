#include "static_files.hpp"

#include <array>
#include <fstream>
#include <span>
#include <system_error>

#include "fermata/content_coding.hpp"
#include "fermata/error.hpp"
#include "media_type.hpp"

namespace fermata::static_files {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kPiece = 64 * 1024;
constexpr std::string_view kCompressed = ".gz";

Error changed(const std::string& name) {
  return {Code::unavailable, "the file " + name + " was changed while the archive was running; restart the archive"};
}

}  // namespace

StaticFiles::StaticFiles(fs::path folder) : folder_(std::move(folder)) {
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder_, error), end; !error && entry != end; entry.increment(error))
    if (entry->is_regular_file())
      files_[entry->path().lexically_relative(folder_).generic_string()].size = entry->file_size();
  if (error || files_.empty())
    throw Error(Code::not_found, "there are no files in " + folder_.string() + "; install them again");
  for (auto& [name, file] : files_)
    if (const auto beside = files_.find(name + std::string(kCompressed)); beside != files_.end()) {
      file.compressed = beside->second.size;
      files_.erase(beside);
    }
}

bool StaticFiles::answer(std::string_view name, HttpRequest& request, HttpResponse& response) const {
  const auto found = files_.find(name);
  if (found == files_.end()) return false;
  const auto& [known, file] = *found;
  response.header("Content-Type", media_type(known));
  response.header("Cache-Control", "public, max-age=31536000, immutable");
  if (file.compressed) response.header("Vary", "Accept-Encoding");
  if (!file.compressed || !accepts_gzip(request.header("Accept-Encoding"))) {
    send(known, file.size, response);
    return true;
  }
  response.header("Content-Encoding", "gzip");
  send(known + std::string(kCompressed), *file.compressed, response);
  return true;
}

void StaticFiles::send(const std::string& name, uint64_t size, HttpResponse& response) const {
  std::ifstream file(folder_ / name, std::ios::binary | std::ios::ate);
  if (!file || static_cast<uint64_t>(file.tellg()) != size) throw changed(name);
  file.seekg(0);
  response.header("Content-Length", std::to_string(size));
  // The name says the content, so the entity tag can say the name.
  response.header("ETag", "\"" + name + "\"");
  std::array<char, kPiece> piece;
  for (uint64_t sent = 0; sent < size;) {
    file.read(piece.data(), static_cast<std::streamsize>(std::min<uint64_t>(piece.size(), size - sent)));
    const auto count = static_cast<std::size_t>(file.gcount());
    if (count == 0) throw changed(name);
    response.write(std::as_bytes(std::span(piece).first(count)));
    sent += count;
  }
}

}  // namespace fermata::static_files
