#include "left_log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>
#include <system_error>
#include <vector>

#include "fermata/error.hpp"

namespace fermata::index_rocksdb {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMostBytes = uint64_t{16} << 20;  // read in a fifth of a second
constexpr std::size_t kMostFiles = 64;               // every start adds one

}  // namespace

void sync_to_disk(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  const int number = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (!synced)
    throw Error(Code::io,
                path.string() + " can't be written to disk: " + std::strerror(number) + "; check the file system");
}

/// Another process may have the database open, and remove one meanwhile: who opens it will be told.
bool keep_log(const fs::path& folder) {
  std::vector<fs::path> files;
  uint64_t bytes = 0;
  std::error_code gone;
  for (const auto& entry : fs::directory_iterator(folder, gone)) {
    if (entry.path().extension() != ".log") continue;
    const auto size = entry.file_size(gone);
    if (gone) return false;
    files.push_back(entry.path());
    bytes += size;
  }
  if (gone || bytes > kMostBytes || files.size() >= kMostFiles) return false;
  // RocksDB syncs only files that it writes to. If a power cut took the end of one of these, what is synced in those
  // after it would be lost as well.
  for (const auto& file : files) sync_to_disk(file);
  if (!files.empty()) sync_to_disk(folder);
  return true;
}

}  // namespace fermata::index_rocksdb
