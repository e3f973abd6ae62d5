#pragma once
#include <array>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fermata/checksum.hpp"
#include "open-file/open_file.hpp"

namespace fermata::backup {

/// A file of a backup as its manifest has it.
struct ManifestFile {
  Checksum checksum{};  ///< XXH3-128 of the content
  uint64_t length = 0;
  uint64_t version = 0;
  std::string name;  ///< below the backup's folder: "<source>/<name of the source's>"
};

/// A source and where its files were.
struct ManifestSource {
  std::string name;
  std::string place;
};

/// Writes a manifest: lines of text, the last of which is the checksum of all others. What was added is there after
/// `flush`, and durable; without `finish` it is a list of what was copied so far.
/// **Thread**: one at a time.
class ManifestWriter {
 public:
  static constexpr const char* kFileName = "manifest.txt";

  ManifestWriter(const std::filesystem::path& folder, const std::string& id,
                 const std::vector<ManifestSource>& sources);
  void add(const ManifestFile& file);
  void add_unreadable(const std::string& name);
  void flush();
  void finish();

 private:
  void line(const std::string& text);

  OpenFile file_;
  std::string waiting_;
  StreamingChecksum checksum_;
  uint64_t files_ = 0;
  uint64_t bytes_ = 0;
};

/// Reads a manifest from its beginning. **Thread**: one at a time.
/// **Errors**: not_found, unsupported (a newer format), corrupt.
class ManifestReader {
 public:
  explicit ManifestReader(const std::filesystem::path& folder);

  const std::string& id() const { return id_; }  ///< of the request that made the backup
  const std::vector<ManifestSource>& sources() const { return sources_; }
  /// False at the end, or where the list breaks off.
  bool next(ManifestFile& file);
  const std::vector<std::string>& unreadable() const { return unreadable_; }  ///< once `next` has returned false
  /// Once `next` has returned false: the list is whole, and as it was written.
  bool complete() const { return complete_; }
  uint64_t files() const { return files_; }
  uint64_t bytes() const { return bytes_; }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  bool read_line();
  void read_head();
  void read_end();
  [[noreturn]] void fail(const std::string& what) const;

  const std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
  std::string line_;
  StreamingChecksum checksum_;
  Checksum before_line_{};
  std::string id_;
  std::vector<ManifestSource> sources_;
  std::vector<std::string> unreadable_;
  bool complete_ = false;
  uint64_t files_ = 0;
  uint64_t bytes_ = 0;
};

/// A name from a manifest leads nowhere but into the folder it is put below.
bool is_safe_name(std::string_view name);

}  // namespace fermata::backup
