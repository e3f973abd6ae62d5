#include "request_id.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <random>

namespace fermata::http {
namespace {

constexpr std::size_t kLongest = 64;

/// Unique within the process by its number, beyond it by chance.
std::string new_id() {
  static const uint64_t start = [] {
    std::random_device device;
    return (uint64_t{device()} << 32) | device();
  }();
  static std::atomic<uint64_t> number{0};
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%012llx-%llx", static_cast<unsigned long long>(start & 0xffffffffffff),
                static_cast<unsigned long long>(++number));
  return text.data();
}

}  // namespace

std::string request_id(std::string_view from_client) {
  const bool sane = !from_client.empty() && from_client.size() <= kLongest &&
                    from_client.find_first_not_of(
                        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:"
                        "+/=") == std::string_view::npos;
  return sane ? std::string(from_client) : new_id();
}

}  // namespace fermata::http
