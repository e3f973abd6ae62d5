#include "database_backup.hpp"

#include <rocksdb/utilities/checkpoint.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <vector>

#include "fermata/error.hpp"

namespace fermata::index_rocksdb {
namespace {

namespace fs = std::filesystem;

/// RocksDB passes over names that are none of its own. It makes the folder under a name with ".tmp" first.
fs::path checkpoint_folder(const Database& database) { return database.path() / "backup.checkpoint"; }

void remove_folders(const fs::path& folder) noexcept {
  std::error_code ignored;
  fs::remove_all(folder, ignored);
  fs::remove_all(folder.string() + ".tmp", ignored);
}

class FileReader final : public BlobReader {
 public:
  explicit FileReader(const fs::path& path) : path_(path), file_(std::fopen(path.c_str(), "rbe")) {
    if (!file_) throw Error(Code::not_found, "there is no file " + path.string());
    length_ = fs::file_size(path);
  }
  uint64_t length() override { return length_; }
  uint64_t read_at(uint64_t offset, std::span<std::byte> into) override {
    const std::lock_guard lock(mutex_);
    if (std::fseek(file_.get(), static_cast<long>(offset), SEEK_SET) != 0) fail();
    const auto count = std::fread(into.data(), 1, into.size(), file_.get());
    if (count < into.size() && std::ferror(file_.get()) != 0) fail();
    return count;
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  [[noreturn]] void fail() const {
    throw Error(Code::io, "cannot read " + path_.string() + ": " + std::strerror(errno));
  }
  const fs::path path_;
  std::unique_ptr<std::FILE, Close> file_;
  uint64_t length_ = 0;
  std::mutex mutex_;
};

class Session final : public BackupSession {
 public:
  Session(Database& database, std::atomic<bool>& in_use)
      : database_(database), in_use_(in_use), folder_(checkpoint_folder(database)) {}
  ~Session() override {
    remove_folders(folder_);
    in_use_ = false;
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Everything committed until now, in memory or not.
  void capture() override {
    remove_folders(folder_);
    rocksdb::Checkpoint* made = nullptr;
    check(rocksdb::Checkpoint::Create(&database_.db(), &made), "beginning a checkpoint");
    const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
    check(checkpoint->CreateCheckpoint(folder_.string()), "making a checkpoint");
    for (const auto& entry : fs::directory_iterator(folder_)) names_.push_back(entry.path().filename());
    std::sort(names_.begin(), names_.end());
  }

  bool next(BackupFile& file) override {
    if (at_ == names_.size()) return false;
    const auto& name = names_[at_++];
    path_ = folder_ / name;
    file = {name, fs::file_size(path_), 0, path_};
    return true;
  }

  std::unique_ptr<BlobReader> open(std::string_view name) override {
    if (!std::binary_search(names_.begin(), names_.end(), name))
      throw Error(Code::not_found, "there is no file " + std::string(name) + " in the checkpoint");
    return std::make_unique<FileReader>(folder_ / name);
  }

 private:
  Database& database_;
  std::atomic<bool>& in_use_;
  const fs::path folder_;
  std::vector<std::string> names_;
  std::size_t at_ = 0;
  std::string path_;
};

}  // namespace

DatabaseBackup::DatabaseBackup(Database& database) : database_(database), place_(database.path().string()) {
  remove_folders(checkpoint_folder(database));
}

std::unique_ptr<BackupSession> DatabaseBackup::begin() {
  if (in_use_.exchange(true)) throw Error(Code::conflict, "a backup of the index is being made already");
  return std::make_unique<Session>(database_, in_use_);
}

}  // namespace fermata::index_rocksdb
