#include "static_files.hpp"

#include <array>
#include <fstream>
#include <span>
#include <system_error>

#include "fermata/error.hpp"
#include "media_type.hpp"

namespace fermata::viewer {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kPiece = 64 * 1024;

Error changed(const std::string& name) {
  return {Code::unavailable, "the file " + name + " was changed while the archive was running; restart the archive"};
}

}  // namespace

StaticFiles::StaticFiles(fs::path folder) : folder_(std::move(folder)) {
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder_, error), end; !error && entry != end; entry.increment(error))
    if (entry->is_regular_file())
      sizes_[entry->path().lexically_relative(folder_).generic_string()] = entry->file_size();
  if (error || sizes_.empty())
    throw Error(Code::not_found, "there are no files in " + folder_.string() + "; install them again");
}

bool StaticFiles::answer(std::string_view name, HttpResponse& response) const {
  const auto found = sizes_.find(name);
  if (found == sizes_.end()) return false;
  const auto& [known, size] = *found;
  std::ifstream file(folder_ / known, std::ios::binary | std::ios::ate);
  if (!file || static_cast<uint64_t>(file.tellg()) != size) throw changed(known);
  file.seekg(0);
  response.header("Content-Type", media_type(known));
  response.header("Content-Length", std::to_string(size));
  // The name says the content, so the entity tag can say the name.
  response.header("ETag", "\"" + known + "\"");
  response.header("Cache-Control", "public, max-age=31536000, immutable");
  std::array<char, kPiece> piece;
  for (uint64_t sent = 0; sent < size;) {
    file.read(piece.data(), static_cast<std::streamsize>(std::min<uint64_t>(piece.size(), size - sent)));
    const auto count = static_cast<std::size_t>(file.gcount());
    if (count == 0) throw changed(known);
    response.write(std::as_bytes(std::span(piece).first(count)));
    sent += count;
  }
  return true;
}

}  // namespace fermata::viewer
