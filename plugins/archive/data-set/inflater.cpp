#include "data-set/inflater.hpp"

#include <algorithm>
#include <new>

#include "refusal.hpp"

namespace fermata::archive {
namespace {

/// Padding to even length, and the checksum and size that some writers take over from gzip (RFC 1952 2.3.1).
constexpr std::size_t kLargestTrailer = 10;

}  // namespace

Inflater::Inflater() {
  if (inflateInit2(&stream_, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
}

Inflater::~Inflater() { inflateEnd(&stream_); }

void Inflater::feed(std::span<const std::byte> data, const Sink& sink) {
  constexpr std::size_t kPiece = 1 << 30;  // zlib counts in 32 bits
  while (!data.empty()) {
    const auto piece = data.first(std::min(data.size(), kPiece));
    if (ended_) {
      trailer_ += piece.size();
      if (trailer_ > kLargestTrailer) not_understood("there are bytes after the end of the data set");
      return;
    }
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(piece.data()));
    stream_.avail_in = static_cast<uInt>(piece.size());
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(window_.data());
      stream_.avail_out = static_cast<uInt>(window_.size());
      const int code = inflate(&stream_, Z_NO_FLUSH);
      if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) not_understood("the data set is not deflated");
      const auto produced = window_.size() - stream_.avail_out;
      if (produced != 0) sink(std::span(window_).first(produced));
      ended_ = code == Z_STREAM_END;
    } while (!ended_ && stream_.avail_out == 0);
    data = data.subspan(piece.size() - stream_.avail_in);
  }
}

}  // namespace fermata::archive
