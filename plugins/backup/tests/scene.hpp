#pragma once
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>

#include "fermata/backup_source.hpp"
#include "fermata/plugin.hpp"
#include "fermata/testing/temporary_folder.hpp"

namespace fermata::backup {

namespace fs = std::filesystem;
using Folder = testing::TemporaryFolder;

inline std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void write(const fs::path& path, std::string_view text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

/// Every file below a folder, by name.
inline std::map<std::string, std::string> files_in(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) files[fs::relative(entry.path(), folder).string()] = text_of(entry.path());
  return files;
}

/// Files of a folder as a source, with versions for those that a test gives one.
class FolderSource final : public BackupSource {
 public:
  explicit FolderSource(fs::path folder) : place_(folder.string()) { fs::create_directories(folder); }
  std::string_view place() override { return place_; }
  std::unique_ptr<BackupSession> begin() override { return std::make_unique<Session>(*this); }

  std::map<std::string, uint64_t> versions;
  int captures = 0;
  std::function<void(const std::string&)> before_each = [](const std::string&) {};

 private:
  class Reader final : public BlobReader {
   public:
    explicit Reader(std::string text) : text_(std::move(text)) {}
    uint64_t length() override { return text_.size(); }
    uint64_t read_at(uint64_t offset, std::span<std::byte> into) override {
      return text_.copy(reinterpret_cast<char*>(into.data()), into.size(), static_cast<std::size_t>(offset));
    }

   private:
    const std::string text_;
  };
  class Session final : public BackupSession {
   public:
    explicit Session(FolderSource& source) : source_(source) {}
    void capture() override {
      ++source_.captures;
      files_ = files_in(source_.place_);
      at_ = files_.begin();
    }
    bool next(BackupFile& file) override {
      if (at_ == files_.end()) return false;
      path_ = source_.place_ + "/" + at_->first;
      const auto version = source_.versions.find(at_->first);
      source_.before_each(at_->first);
      file = {at_->first, at_->second.size(), version == source_.versions.end() ? 0 : version->second, path_};
      ++at_;
      return true;
    }
    std::unique_ptr<BlobReader> open(std::string_view name) override {
      return std::make_unique<Reader>(files_.at(std::string(name)));
    }

   private:
    FolderSource& source_;
    std::map<std::string, std::string> files_;
    std::map<std::string, std::string>::const_iterator at_;
    std::string path_;
  };

  const std::string place_;
};

}  // namespace fermata::backup
