#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "data-set/element_header.hpp"
#include "fermata/free_memory.hpp"
#include "fermata/index.hpp"

namespace fermata::archive {

/// Hears of what no header holds while a data set is scanned. **Errors**: exceptions pass through the scanner.
class ScanListener {
 public:
  virtual ~ScanListener() = default;
  /// A bulk value begins. Everything captured so far is what came before it; `header` is the element's own.
  virtual void begin_bulk(const BulkValue& value, std::span<const std::byte> header) = 0;
  /// Its bytes, with the items and delimiters of encapsulated ones.
  virtual void bulk_bytes(std::span<const std::byte> bytes) = 0;
  /// Padding begins, which nobody keeps. Everything captured so far is what came before it.
  virtual void begin_padding() = 0;
  /// A large header is going to be of up to so many bytes. Not called for the first `kHeaderStep`.
  virtual void header_grows(uint64_t /*bytes*/) {}

  static constexpr uint64_t kHeaderStep = 256 << 10;
};

struct ScanLimits {
  uint64_t header = 64ull << 20;  ///< captured bytes
  std::size_t nesting = 64;       ///< sequences within sequences
  std::size_t bulk_values = 1024;
  uint64_t elements = 4'000'000;  ///< and items, without those that a defined length encloses
};

/// Walks through the encoded elements of a data set as its bytes arrive, in chunks of any size.
///
/// It captures the top-level elements as they are encoded, except bulk values: these are noted and passed by in
/// constant memory, fragments of encapsulated pixel data included (PS3.5 A.4). Only elements and sequences of undefined
/// length are entered; what a defined length encloses is captured as it is, and understood by `canonical_header`.
///
/// **Thread**: one at a time. **Errors**: Refused (not_understood, too_large); afterwards only destruction is allowed.
class ElementScanner {
 public:
  ElementScanner(Encoding encoding, ScanLimits limits, ScanListener* listener);

  void feed(std::span<const std::byte> data);
  /// Everything was fed. Refused (not_understood) unless all elements, sequences and pixel data are complete. That a
  /// data set was cut exactly between two top-level elements can't be seen.
  void finish();

  /// The top-level elements that are no bulk, as encoded, in order of arrival.
  std::span<const std::byte> captured() const { return captured_; }
  /// The beginning of an element's header whose rest has not come yet. Until a bulk value or padding begins, `captured`
  /// and this are all that was fed.
  std::span<const std::byte> pending() const { return std::span(head_).first(head_size_); }
  /// Frees what was captured. Only after `finish`, or if nothing more is fed.
  void forget() { free_memory(captured_); }
  const std::vector<BulkValue>& bulk() const { return bulk_; }

 private:
  enum class State : uint8_t { header, value, zeros };
  enum class Fate : uint8_t { capture, bulk, discard };
  struct Container {
    enum class Kind : uint8_t { sequence, item, fragments } kind;
    Encoding encoding;
  };

  Encoding encoding() const { return open_.empty() ? top_encoding_ : open_.back().encoding; }
  std::size_t collect_header(std::span<const std::byte> data);
  std::size_t consume_value(std::span<const std::byte> data);
  void consume_zeros(std::span<const std::byte> data) const;
  void on_header();
  void on_item(const ElementHeader& header);
  void on_element(const ElementHeader& header);
  void on_top_level(const ElementHeader& header);
  bool only_zeros() const;
  void refuse_other_encoding(const ElementHeader& header) const;
  bool is_bulk(const ElementHeader& header) const;
  void begin_bulk(const ElementHeader& header);
  void enter(const ElementHeader& header);
  void leave();
  void begin_value(uint32_t length);
  void keep(std::span<const std::byte> bytes);
  void make_room(uint32_t length);
  void tell_of_growth(uint64_t bytes);

  const Encoding top_encoding_;
  const ScanLimits limits_;
  ScanListener* const listener_;

  State state_ = State::header;
  Fate fate_ = Fate::capture;
  bool first_ = true;
  bool odd_ = false;  ///< the last value had an odd length
  uint64_t position_ = 0;
  uint64_t remaining_ = 0;
  std::array<std::byte, kLongHeader> head_{};
  uint64_t elements_ = 0;  ///< so far
  std::size_t head_size_ = 0;
  std::size_t head_wanted_ = kShortHeader;
  std::vector<Container> open_;  ///< only those of undefined length
  std::vector<std::byte> captured_;
  uint64_t told_ = ScanListener::kHeaderStep;  ///< up to where the listener knows of the header
  std::vector<BulkValue> bulk_;
};

}  // namespace fermata::archive
