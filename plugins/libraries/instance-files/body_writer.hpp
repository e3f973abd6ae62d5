#pragma once
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "fermata/archive.hpp"
#include "fermata/http_router.hpp"

namespace fermata::instance_files {

/// Collects the pieces of a body into few large writes. What is read from an object goes through its one buffer.
///
/// **Thread**: one at a time. **Ownership**: borrows the response. **Errors**: corrupt (an object ends too early), and
/// those of the response: whatever comes after the first write cuts the connection.
class BodyWriter {
 public:
  static constexpr std::size_t kBuffer = 256 * 1024;

  explicit BodyWriter(HttpResponse& response) : response_(response), buffer_(kBuffer) {}

  void add(std::string_view text) { add(std::as_bytes(std::span(text.data(), text.size()))); }
  void add(std::span<const std::byte> bytes);
  /// `length` bytes of the object from `offset` on.
  void add(ObjectReader& object, uint64_t offset, uint64_t length);
  /// Writes what is left. Without it, the end is missing.
  void finish();

 private:
  void flush();

  HttpResponse& response_;
  std::vector<std::byte> buffer_;
  std::size_t used_ = 0;
};

}  // namespace fermata::instance_files
