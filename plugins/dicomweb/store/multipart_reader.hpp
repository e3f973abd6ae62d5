#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fermata::dicomweb {

/// Takes a multipart body apart as it arrives (RFC 2046 5.1), in constant memory whatever the parts are like.
///
/// **Thread**: one at a time. **Ownership**: owns its buffer. **Errors**: invalid (no such body, one that is cut short,
/// headers beyond all measure), and whatever the source throws.
class MultipartReader {
 public:
  /// Fills and returns how much; 0 at the end of the body.
  using Source = std::function<uint64_t(std::span<std::byte>)>;

  /// Error invalid if there can't be such a boundary.
  MultipartReader(std::string_view boundary, Source source, std::size_t most_parts = 100'000);

  /// Goes to the next part, past what is left of the current one. False after the last.
  bool next();
  bool has_too_many() const { return parts_ > most_parts_; }
  /// Of the current part; `name` in lower case. Empty where it is not there.
  std::string_view header(std::string_view name) const;
  /// The current part's next bytes, valid until the next call; empty at its end.
  std::span<const std::byte> read();

 private:
  bool fill();
  std::string_view ahead() const;
  bool at_delimiter_line();
  void read_headers();
  std::string_view read_header_line();

  const std::string delimiter_;  ///< CRLF, two hyphens, boundary
  const Source source_;
  std::vector<std::byte> buffer_;
  std::size_t begin_ = 0, end_ = 0;  ///< what is read and not yet used
  bool in_part_ = true;              ///< at first in the preamble
  bool closed_ = false;
  std::size_t parts_ = 0;
  const std::size_t most_parts_;
  std::vector<std::pair<std::string, std::string>> headers_;
};

}  // namespace fermata::dicomweb
