#include "blob_backup.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include "blob_file_reader.hpp"
#include "blob_tree_cursor.hpp"
#include "file_descriptor.hpp"
#include "system_error.hpp"

namespace fermata::storage_filesystem {
namespace {

constexpr std::string_view kObjects = "objects/";

class TextReader final : public BlobReader {
 public:
  explicit TextReader(std::string text) : text_(std::move(text)) {}
  uint64_t length() override { return text_.size(); }
  uint64_t read_at(uint64_t offset, std::span<std::byte> into) override {
    if (offset >= text_.size()) return 0;
    const auto count = std::min<uint64_t>(into.size(), text_.size() - offset);
    std::memcpy(into.data(), text_.data() + offset, count);
    return count;
  }

 private:
  const std::string text_;
};

class Session final : public BackupSession {
 public:
  Session(const RootFolder& root, HeldBlobs& held) : root_(root), held_(held) { held_.hold(); }
  ~Session() override { held_.let_go(); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Nothing to do: what was there at the beginning is in `objects/`, or held.
  void capture() override {}

  bool next(BackupFile& file) override {
    for (;;) {
      switch (stage_) {
        case Stage::marker:
          enter(Stage::objects);
          if (next_marker(file)) return true;
          break;
        case Stage::objects:
          if (next_blob(root_.path() + "/objects", file)) return true;
          enter(Stage::held);
          break;
        case Stage::held:
          if (next_blob(held_.path(), file)) return true;
          enter(Stage::end);
          break;
        case Stage::end:
          return false;
      }
    }
  }

  std::unique_ptr<BlobReader> open(std::string_view name) override {
    if (name == kMarkerName) return std::make_unique<TextReader>(RootFolder::marker_text(RootFolder::Layout::plain));
    if (name.substr(0, kObjects.size()) != kObjects)
      throw Error(Code::not_found, "there is no file " + std::string(name) + " in the store");
    const std::string key(name.substr(kObjects.size()));
    const auto& folder = stage_ == Stage::held || stage_ == Stage::end ? held_.path() : root_.path() + "/objects";
    return std::make_unique<BlobFileReader>(folder_.get(), key, folder + "/" + key);
  }

 private:
  enum class Stage { marker, objects, held, end };
  static constexpr const char* kMarkerName = RootFolder::kMarkerName;

  void enter(Stage stage) {
    stage_ = stage;
    blobs_.reset();
    if (stage == Stage::end) return;
    folder_ = stage == Stage::objects ? root_.objects() : root_.held();
    blobs_.emplace(folder_.get(), root_.path(), "");
  }

  /// As it is where nothing is in a journal: a backup has every blob as a file.
  bool next_marker(BackupFile& file) {
    if (!present(root_.folder().get(), kMarkerName, root_.path(), std::string(kMarkerName), file)) return false;
    file.length = RootFolder::marker_text(RootFolder::Layout::plain).size();
    file.path = {};
    return true;
  }

  bool next_blob(const std::string& folder, BackupFile& file) {
    BlobEntry entry;
    while (blobs_->next(entry))
      if (present(folder_.get(), std::string(entry.key), folder, std::string(kObjects) + std::string(entry.key), file))
        return true;
    return false;
  }

  /// False if it has gone meanwhile: then it is held, and comes later.
  bool present(int folder, const std::string& file_name, const std::string& folder_path, std::string name,
               BackupFile& file) {
    struct stat status {};
    path_ = folder_path + "/" + file_name;
    if (::fstatat(folder, file_name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
      if (errno == ENOENT || errno == ENOTDIR) return false;
      throw system_error(errno, "look at " + path_);
    }
    name_ = std::move(name);
    const auto changed =
        static_cast<uint64_t>(status.st_mtim.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(status.st_mtim.tv_nsec);
    file = {name_, static_cast<uint64_t>(status.st_size), changed, path_};
    return true;
  }

  const RootFolder& root_;
  HeldBlobs& held_;
  Stage stage_ = Stage::marker;
  FileDescriptor folder_;
  std::optional<BlobTreeCursor> blobs_;
  std::string name_;
  std::string path_;
};

}  // namespace

std::unique_ptr<BackupSession> BlobBackup::begin() { return std::make_unique<Session>(root_, held_); }

}  // namespace fermata::storage_filesystem
