#include "deflated_object.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>

#include "fermata/error.hpp"

namespace fermata::dimse {

DeflatedObject::DeflatedObject(std::unique_ptr<ObjectReader> object, Direction direction)
    : object_(std::move(object)), direction_(direction), stream_(std::make_unique<z_stream_s>()), input_(32768) {
  restart();
}

DeflatedObject::~DeflatedObject() {
  if (!open_) return;
  if (direction_ == Direction::inflate)
    inflateEnd(stream_.get());
  else
    deflateEnd(stream_.get());
}

uint64_t DeflatedObject::length() {
  if (length_ == UINT64_MAX) {
    skip_to(UINT64_MAX);
    length_ = produced_;
  }
  return length_;
}

uint64_t DeflatedObject::read_at(uint64_t offset, std::span<std::byte> into) {
  if (offset != produced_) skip_to(offset);
  std::size_t done = 0;
  while (done < into.size()) {
    const auto count = produce(into.subspan(done));
    if (count == 0) break;
    done += count;
  }
  return done;
}

void DeflatedObject::skip_to(uint64_t offset) {
  if (offset < produced_) restart();
  std::array<std::byte, 16384> ignored;
  while (produced_ < offset) {
    const auto count = static_cast<std::size_t>(std::min<uint64_t>(ignored.size(), offset - produced_));
    if (produce(std::span(ignored).first(count)) == 0) return;
  }
}

void DeflatedObject::restart() {
  constexpr int kRaw = -15;  // window bits: no zlib header
  int result = Z_OK;
  if (direction_ == Direction::inflate)
    result = open_ ? inflateReset(stream_.get()) : inflateInit2(stream_.get(), kRaw);
  else
    result = open_ ? deflateReset(stream_.get())
                   : deflateInit2(stream_.get(), Z_DEFAULT_COMPRESSION, Z_DEFLATED, kRaw, 8, Z_DEFAULT_STRATEGY);
  if (result != Z_OK) throw Error(Code::out_of_memory, "zlib could not be started");
  open_ = true;
  ended_ = false;
  stream_->avail_in = 0;
  taken_ = 0;
  produced_ = 0;
}

/// The next bytes of the result; 0 only at its end.
std::size_t DeflatedObject::produce(std::span<std::byte> into) {
  if (into.empty()) return 0;
  if (ended_) return pad(into);
  stream_->next_out = reinterpret_cast<Bytef*>(into.data());
  stream_->avail_out = static_cast<uInt>(std::min<std::size_t>(into.size(), 1u << 30));
  const std::size_t room = stream_->avail_out;
  while (stream_->avail_out == room && !ended_) {
    bool last = false;
    if (stream_->avail_in == 0) {
      const uint64_t count = object_->read_at(taken_, input_);
      taken_ += count;
      last = count == 0;
      stream_->next_in = reinterpret_cast<Bytef*>(input_.data());
      stream_->avail_in = static_cast<uInt>(count);
    }
    const int result = direction_ == Direction::inflate ? inflate(stream_.get(), Z_NO_FLUSH)
                                                        : deflate(stream_.get(), last ? Z_FINISH : Z_NO_FLUSH);
    if (result == Z_STREAM_END)
      ended_ = true;
    else if (result != Z_OK && !(result == Z_BUF_ERROR && !last))
      throw Error(Code::corrupt, "the deflated data set is damaged or cut short");
  }
  const std::size_t count = room - stream_->avail_out;
  produced_ += count;
  return count == 0 ? pad(into) : count;
}

/// A deflated data set has an even length as well (PS3.5 A.5).
std::size_t DeflatedObject::pad(std::span<std::byte> into) {
  if (direction_ == Direction::inflate || produced_ % 2 == 0) return 0;
  into[0] = std::byte{0};
  ++produced_;
  return 1;
}

}  // namespace fermata::dimse
