#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>

/// What libFuzzer calls, and the program that replays a corpus: each harness defines it.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size);

namespace fermata::fuzz {

/// Bytes from a stranger; the first of them may be taken to decide what the harness does with the rest.
class Input {
 public:
  Input(const uint8_t* data, std::size_t size) : rest_(data, size) {}

  uint8_t byte() {
    if (rest_.empty()) return 0;
    const uint8_t taken = rest_.front();
    rest_ = rest_.subspan(1);
    return taken;
  }
  std::span<const std::byte> bytes() const { return std::as_bytes(rest_); }
  std::string_view text() const { return {reinterpret_cast<const char*>(rest_.data()), rest_.size()}; }

 private:
  std::span<const uint8_t> rest_;
};

/// Ends the program where a promise is not kept.
inline void require(bool kept, const char* promise) {
  if (kept) return;
  std::fprintf(stderr, "not kept: %s\n", promise);
  std::abort();
}

/// Hands `text` on in pieces of `piece` bytes, or whole if that is 0.
template <class Bytes, class Take>
void in_pieces(Bytes text, std::size_t piece, Take&& take) {
  if (piece == 0) return take(text);
  while (!text.empty()) {
    const auto count = text.size() < piece ? text.size() : piece;
    take(Bytes(text.data(), count));
    text = Bytes(text.data() + count, text.size() - count);
  }
}

}  // namespace fermata::fuzz
