#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "sources/byte_stream.hpp"

namespace fermata::imports {

/// A regular file, read from its beginning to its end.
///
/// The last part of the path is not followed where it is a link: whoever wants that resolves it before. **Errors**: io,
/// also for what is no regular file.
class FileStream final : public ByteStream {
 public:
  explicit FileStream(const std::filesystem::path& path);
  ~FileStream() override;
  FileStream(const FileStream&) = delete;
  FileStream& operator=(const FileStream&) = delete;

  std::span<const std::byte> read() override;

 private:
  const int descriptor_;
  std::vector<std::byte> buffer_;
};

}  // namespace fermata::imports
