#pragma once
#include <unistd.h>

#include <cstddef>
#include <span>
#include <string>
#include <utility>

namespace fermata::storage_filesystem {

/// Closes what it holds. **Thread**: a value. **Ownership**: moves only.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int number) : number_(number) {}
  FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~FileDescriptor() { reset(); }

  int get() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }
  void reset() {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }

 private:
  int number_ = -1;
};

/// `path` is for messages. **Errors**: no_space, io.
void write_all(const FileDescriptor& file, std::span<const std::byte> bytes, const std::string& path);

}  // namespace fermata::storage_filesystem
