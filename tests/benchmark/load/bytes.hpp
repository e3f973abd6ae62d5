#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fermata::benchmark {

/// The upper layer's numbers (PS3.8) have the high byte first, command sets (PS3.7) the low byte.
inline void put16be(std::string& s, std::size_t v) { s += {static_cast<char>(v >> 8), static_cast<char>(v)}; }
inline void put32be(std::string& s, std::size_t v) {
  put16be(s, v >> 16 & 0xffff);
  put16be(s, v & 0xffff);
}
inline void put16le(std::string& s, std::size_t v) { s += {static_cast<char>(v), static_cast<char>(v >> 8)}; }
inline void put32le(std::string& s, std::size_t v) {
  put16le(s, v & 0xffff);
  put16le(s, v >> 16 & 0xffff);
}

inline std::size_t byte_at(std::string_view s, std::size_t at) { return static_cast<uint8_t>(s[at]); }
inline std::size_t number16be(std::string_view s, std::size_t at) { return byte_at(s, at) << 8 | byte_at(s, at + 1); }
inline std::size_t number32be(std::string_view s, std::size_t at) {
  return number16be(s, at) << 16 | number16be(s, at + 2);
}
inline std::size_t number16le(std::string_view s, std::size_t at) { return byte_at(s, at) | byte_at(s, at + 1) << 8; }
inline std::size_t number32le(std::string_view s, std::size_t at) {
  return number16le(s, at) | number16le(s, at + 2) << 16;
}

template <class Bytes>
std::string_view text_of(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace fermata::benchmark
