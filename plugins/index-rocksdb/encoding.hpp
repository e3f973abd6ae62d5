#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace fermata::index_rocksdb {

inline std::string_view chars(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline std::span<const std::byte> bytes(std::string_view chars) {
  return {reinterpret_cast<const std::byte*>(chars.data()), chars.size()};
}

/// Appends numbers and strings to a value of the database.
class Encoder {
 public:
  Encoder& varint(uint64_t v) {
    for (; v >= 0x80; v >>= 7) out_.push_back(static_cast<char>(v | 0x80));
    out_.push_back(static_cast<char>(v));
    return *this;
  }
  Encoder& raw(std::string_view s) {
    out_.append(s);
    return *this;
  }
  Encoder& string(std::string_view s) { return varint(s.size()).raw(s); }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

/// Reads what Encoder wrote, never past the end. What it returns borrows the value.
class Decoder {
 public:
  struct Malformed {};  ///< thrown; whoever knows the key says which value it is

  explicit Decoder(std::string_view value) : rest_(value) {}
  uint64_t varint() {
    uint64_t v = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto b = static_cast<uint8_t>(raw(1)[0]);
      v |= uint64_t{b & 0x7fu} << shift;
      if (b < 0x80) return v;
    }
    throw Malformed{};
  }
  std::string_view raw(std::size_t n) {
    if (n > rest_.size()) throw Malformed{};
    const auto s = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return s;
  }
  std::string_view string() {
    const uint64_t n = varint();
    if (n > rest_.size()) throw Malformed{};
    return raw(static_cast<std::size_t>(n));
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

}  // namespace fermata::index_rocksdb
