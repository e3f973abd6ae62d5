#pragma once
#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace fermata::http {

/// What was received and not yet used: heads, and the beginning of what follows them. **Thread**: one at a time.
class InputBuffer {
 public:
  std::span<const std::byte> data() const { return {storage_.data() + begin_, end_ - begin_}; }
  std::string_view text() const { return {reinterpret_cast<const char*>(storage_.data()) + begin_, end_ - begin_}; }
  std::size_t size() const { return end_ - begin_; }

  void consume(std::size_t count) {
    begin_ += count;
    if (begin_ == end_) begin_ = end_ = 0;
  }
  /// Room for at least this much more; `commit` says how much of it was used.
  std::span<std::byte> room(std::size_t least) {
    if (begin_ > 0) {
      std::memmove(storage_.data(), storage_.data() + begin_, size());
      end_ -= begin_;
      begin_ = 0;
    }
    if (storage_.size() - end_ < least) storage_.resize(end_ + least);
    return {storage_.data() + end_, storage_.size() - end_};
  }
  void commit(std::size_t count) { end_ += count; }
  /// Gives memory back while a connection is idle.
  void release() {
    if (size() == 0) std::vector<std::byte>().swap(storage_);
  }

 private:
  std::vector<std::byte> storage_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace fermata::http
