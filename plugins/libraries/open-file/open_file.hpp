#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "fermata/error.hpp"

namespace fermata {

/// What the operating system's `number` (errno) means: no_space, not_found or io. `what` continues "cannot …".
Error system_error(int number, const std::string& what);

/// A file or folder that is open. **Thread**: a value, moves only. **Errors**: not_found, no_space, io.
class OpenFile {
 public:
  static OpenFile read(const std::filesystem::path& path);
  static OpenFile folder(const std::filesystem::path& path);
  /// A new one. Error conflict if there is one of this name.
  static OpenFile create(const std::filesystem::path& path);

  OpenFile(OpenFile&& other) noexcept;
  OpenFile& operator=(OpenFile&&) = delete;
  ~OpenFile();

  int fd() const { return fd_; }
  const std::string& path() const { return path_; }
  uint64_t length() const;
  std::size_t read_some(std::span<std::byte> into);  ///< 0 at the end
  void write(std::span<const std::byte> data);
  void sync();
  void sync_file_system();  ///< everything on its file system
  void set_time(uint64_t nanoseconds);

 private:
  OpenFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  int fd_;
  std::string path_;
};

/// Makes what has happened to names in `folder` survive a power cut.
void sync_folder(const std::filesystem::path& folder);

/// Makes a small file, or takes the place of one that is there: as a whole or not at all, and durable when it returns.
void replace_file(const std::filesystem::path& path, std::string_view text);

}  // namespace fermata
