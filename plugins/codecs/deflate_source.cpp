#include "deflate_source.hpp"

#include <zlib.h>

#include <algorithm>

#include "fermata/error.hpp"

namespace fermata::codecs {

ZlibSource::ZlibSource(std::shared_ptr<ObjectReader> object, Direction direction)
    : object_(std::move(object)), direction_(direction), stream_(std::make_unique<z_stream_s>()), input_(32768) {
  constexpr int kRaw = -15;  // window bits: no zlib header
  const int result = direction_ == Direction::inflate
                         ? inflateInit2(stream_.get(), kRaw)
                         : deflateInit2(stream_.get(), Z_DEFAULT_COMPRESSION, Z_DEFLATED, kRaw, 8, Z_DEFAULT_STRATEGY);
  if (result != Z_OK) throw Error(Code::out_of_memory, "zlib could not be started");
}

ZlibSource::~ZlibSource() {
  if (direction_ == Direction::inflate)
    inflateEnd(stream_.get());
  else
    deflateEnd(stream_.get());
}

std::size_t ZlibSource::read(std::span<std::byte> into) {
  std::size_t done = 0;
  while (done < into.size() && !ended_) done += produce(into.subspan(done));
  produced_ += done;
  if (done < into.size() && direction_ == Direction::deflate && produced_ % 2 != 0) {
    into[done++] = std::byte{0};
    ++produced_;
  }
  return done;
}

std::size_t ZlibSource::produce(std::span<std::byte> into) {
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
  return room - stream_->avail_out;
}

}  // namespace fermata::codecs
