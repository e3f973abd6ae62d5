#include "body_writer.hpp"

#include <algorithm>
#include <cstring>

namespace fermata::instance_files {

void BodyWriter::add(std::span<const std::byte> bytes) {
  if (bytes.empty()) return;
  if (bytes.size() > buffer_.size() - used_) flush();
  if (bytes.size() >= buffer_.size()) return response_.write(bytes);
  std::memcpy(buffer_.data() + used_, bytes.data(), bytes.size());
  used_ += bytes.size();
}

void BodyWriter::add(ObjectReader& object, uint64_t offset, uint64_t length) {
  while (length > 0) {
    if (used_ == buffer_.size()) flush();
    const auto space = std::span(buffer_).subspan(used_);
    const auto wanted = static_cast<std::size_t>(std::min<uint64_t>(length, space.size()));
    const auto count = object.read_at(offset, space.first(wanted));
    if (count == 0) throw Error(Code::corrupt, "a stored object ends too early: run `fermata verify`");
    used_ += static_cast<std::size_t>(count);
    offset += count;
    length -= count;
  }
}

void BodyWriter::finish() { flush(); }

void BodyWriter::flush() {
  if (used_ != 0) response_.write(std::span(buffer_).first(used_));
  used_ = 0;
}

}  // namespace fermata::instance_files
