#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data-set/data_set_scanner.hpp"

namespace fermata::archive {

/// What an ingest hook has changed, encoded anew as it arrives: elements in the object's transfer syntax and in UTF-8,
/// bulk values as they are, but for long text.
///
/// **Thread**: one at a time. **Errors**: Refused (not_understood), Error corrupt, and what `write` throws.
class EditedObject {
 public:
  using Bytes = std::span<const std::byte>;
  /// `write` gets what is to be stored, in its order. `header`: as it was edited. It stands for the first `captured`
  /// bytes of the object's elements, whose text is in `character_set`.
  EditedObject(Bytes header, std::size_t captured, Encoding encoding, std::string character_set,
               std::function<void(Bytes)> write);

  /// All that is no bulk value, of what has arrived. Read back, it says what an index made anew would hold.
  Bytes elements() const { return elements_; }
  void write_header() { write(elements_); }
  /// Elements between and after bulk values. `captured`: all that there are so far.
  void write_continuation(Bytes captured);
  /// Whether a value is text, which is held until it is there.
  static bool is_text(const BulkValue& value);
  void begin_bulk(const BulkValue& value, Bytes header);
  void bulk_bytes(Bytes bytes);
  /// Where the bulk values are in what was written.
  std::vector<BulkValue> take_bulk() { return std::move(bulk_); }
  void forget_elements();

 private:
  void write(Bytes bytes);
  void write_text();

  const Encoding encoding_;
  const std::string character_set_;
  const std::function<void(Bytes)> write_;
  std::vector<std::byte> elements_;
  std::size_t encoded_;  ///< how many captured bytes are in the elements
  uint64_t written_ = 0;
  std::vector<BulkValue> bulk_;
  std::optional<BulkValue> text_;  ///< while it arrives
  std::vector<std::byte> text_bytes_;
};

}  // namespace fermata::archive
