#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace fermata::dicomweb {

/// Bytes that have to wait, in a file that has no name and is gone with its last user.
///
/// **Thread**: one at a time. **Ownership**: owns the file, which is made with the first byte. **Errors**: Problem 413
/// (more than the limit), no_space, io.
class SpoolFile {
 public:
  struct Range {
    uint64_t offset = 0;
    uint64_t length = 0;
  };

  SpoolFile(std::string folder, uint64_t limit) : folder_(std::move(folder)), limit_(limit) {}
  ~SpoolFile();
  SpoolFile(const SpoolFile&) = delete;
  SpoolFile& operator=(const SpoolFile&) = delete;

  void append(std::span<const std::byte> bytes);
  uint64_t size() const { return size_; }
  /// What was appended since `offset`.
  Range since(uint64_t offset) const { return {offset, size_ - offset}; }

  std::vector<std::byte> read(Range range) const;
  void read(Range range, const std::function<void(std::span<const std::byte>)>& take) const;

 private:
  void open();
  std::size_t read_at(uint64_t offset, std::span<std::byte> into) const;

  const std::string folder_;
  const uint64_t limit_;
  uint64_t size_ = 0;
  int file_ = -1;
};

}  // namespace fermata::dicomweb
