#pragma once
#include <filesystem>
#include <memory>
#include <vector>

#include "sources/byte_stream.hpp"

struct z_stream_s;

namespace fermata::imports {

/// What is in a file that Orthanc has compressed: eight bytes with the size, the least one first, then a zlib stream.
/// **Errors**: io (damaged), and those of the file.
class InflatedStream final : public ByteStream {
 public:
  explicit InflatedStream(std::unique_ptr<ByteStream> compressed);
  ~InflatedStream() override;
  InflatedStream(const InflatedStream&) = delete;
  InflatedStream& operator=(const InflatedStream&) = delete;

  std::span<const std::byte> read() override;

  /// Whether a file looks like that.
  static bool has_size_in_front(const std::filesystem::path& file);

 private:
  const std::unique_ptr<ByteStream> compressed_;
  const std::unique_ptr<z_stream_s> zlib_;
  std::span<const std::byte> input_;
  std::vector<std::byte> buffer_;
  std::size_t skip_ = 8;
  bool ended_ = false;
};

}  // namespace fermata::imports
