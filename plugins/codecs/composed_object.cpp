#include "composed_object.hpp"

#include <algorithm>

namespace fermata::codecs {

void ComposedObject::add(std::vector<std::byte> bytes) {
  const auto length = bytes.size();
  add(std::make_shared<BytesObject>(std::move(bytes)), 0, length);
}

void ComposedObject::add(std::shared_ptr<ObjectReader> object, uint64_t offset, uint64_t length) {
  if (length == 0) return;
  if (!parts_.empty() && parts_.back().object == object && parts_.back().offset + parts_.back().length == offset)
    parts_.back().length += length;
  else
    parts_.push_back({length_, length, std::move(object), offset});
  length_ += length;
}

uint64_t ComposedObject::read_at(uint64_t offset, std::span<std::byte> into) {
  if (offset >= length_) return 0;
  auto part =
      std::upper_bound(parts_.begin(), parts_.end(), offset, [](uint64_t at, const Part& p) { return at < p.begin; });
  --part;
  std::size_t done = 0;
  for (; part != parts_.end() && done < into.size(); ++part) {
    const uint64_t inside = offset + done - part->begin;
    const auto count = static_cast<std::size_t>(std::min<uint64_t>(part->length - inside, into.size() - done));
    const auto read = part->object->read_at(part->offset + inside, into.subspan(done, count));
    done += static_cast<std::size_t>(read);
    if (read < count) break;
  }
  return done;
}

uint64_t BytesObject::read_at(uint64_t offset, std::span<std::byte> into) {
  if (offset >= bytes_.size()) return 0;
  const auto begin = static_cast<std::size_t>(offset);
  const auto count = std::min(into.size(), bytes_.size() - begin);
  std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(begin), count, into.begin());
  return count;
}

}  // namespace fermata::codecs
