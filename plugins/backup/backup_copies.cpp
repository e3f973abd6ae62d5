#include "backup_copies.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "destination.hpp"
#include "fermata/blob_key.hpp"
#include "open-file/open_file.hpp"

namespace fermata::backup {
namespace {

namespace fs = std::filesystem;

class FileReader final : public BlobReader {
 public:
  explicit FileReader(const fs::path& path) : file_(OpenFile::read(path)), length_(file_.length()) {}
  uint64_t length() override { return length_; }
  uint64_t read_at(uint64_t offset, std::span<std::byte> into) override {
    uint64_t done = 0;
    while (done < into.size()) {
      const auto count = ::pread(file_.fd(), into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) throw system_error(errno, "read " + file_.path());
      if (count == 0) break;
      done += static_cast<uint64_t>(count);
    }
    return done;
  }

 private:
  OpenFile file_;
  const uint64_t length_;
};

void add_if_store(const fs::path& folder, std::vector<fs::path>& roots) {
  std::error_code ignored;
  if (fs::is_directory(folder / "objects", ignored)) roots.push_back(folder / "objects");
}

}  // namespace

BackupCopies::BackupCopies(const fs::path& destination, const std::vector<fs::path>& mirrors) {
  const auto names = backups_in(destination);
  for (auto name = names.rbegin(); name != names.rend(); ++name) {
    std::error_code failed;
    for (fs::directory_iterator at(destination / *name, failed), end; !failed && at != end; at.increment(failed))
      add_if_store(at->path(), roots_);
  }
  for (const auto& mirror : mirrors) {
    add_if_store(mirror, roots_);
    add_if_store(mirror / "blobs", roots_);
  }
}

std::unique_ptr<BlobReader> BackupCopies::copy(std::string_view blob_key, uint64_t number) {
  require_blob_key(blob_key);
  std::error_code ignored;
  for (const auto& root : roots_) {
    if (!fs::is_regular_file(root / blob_key, ignored) || number-- != 0) continue;
    place_ = root.parent_path().string();
    return std::make_unique<FileReader>(root / blob_key);
  }
  throw Error(Code::not_found, "there is no further copy of " + std::string(blob_key));
}

}  // namespace fermata::backup
