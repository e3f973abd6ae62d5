#pragma once
#include <string>

#include "fermata/blob_store.hpp"
#include "file_descriptor.hpp"

namespace fermata::storage_filesystem {

/// Reads one blob from its file. **Thread**, **Errors**: as `BlobReader`.
class BlobFileReader final : public BlobReader {
 public:
  /// `folder` and `key` name the file; `path` is for messages. **Errors**: not_found, io.
  BlobFileReader(int folder, const std::string& key, std::string path);

  uint64_t length() override { return length_; }
  uint64_t read_at(uint64_t offset, std::span<std::byte> into) override;

 private:
  FileDescriptor file_;
  std::string path_;
  uint64_t length_ = 0;
};

}  // namespace fermata::storage_filesystem
