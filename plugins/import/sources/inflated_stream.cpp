#include "sources/inflated_stream.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "fermata/error.hpp"

namespace fermata::imports {
namespace {

constexpr std::size_t kPiece = 256 * 1024;

}  // namespace

InflatedStream::InflatedStream(std::unique_ptr<ByteStream> compressed)
    : compressed_(std::move(compressed)), zlib_(std::make_unique<z_stream>()), buffer_(kPiece) {
  if (inflateInit(zlib_.get()) != Z_OK) throw Error(Code::io, "zlib can't be used");
}

InflatedStream::~InflatedStream() { inflateEnd(zlib_.get()); }

std::span<const std::byte> InflatedStream::read() {
  zlib_->next_out = reinterpret_cast<Bytef*>(buffer_.data());
  zlib_->avail_out = static_cast<uInt>(buffer_.size());
  while (!ended_ && zlib_->avail_out == buffer_.size()) {
    if (input_.empty()) {
      input_ = compressed_->read();
      if (input_.empty()) throw Error(Code::io, "it is compressed, and cut short");
    }
    const auto skipped = std::min(skip_, input_.size());
    input_ = input_.subspan(skipped);
    skip_ -= skipped;
    zlib_->next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(input_.data()));
    zlib_->avail_in = static_cast<uInt>(input_.size());
    const int result = inflate(zlib_.get(), Z_NO_FLUSH);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
      throw Error(Code::io, "it is compressed, and damaged");
    input_ = input_.last(zlib_->avail_in);
    ended_ = result == Z_STREAM_END;
  }
  return std::span(buffer_).first(buffer_.size() - zlib_->avail_out);
}

bool InflatedStream::has_size_in_front(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::array<char, 10> begin{};
  if (!stream.read(begin.data(), begin.size())) return false;
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(begin[i]); };
  // Nobody has an object of more than 2^40 bytes; a zlib stream begins with 78 and a check (RFC 1950 2.2).
  return at(5) == 0 && at(6) == 0 && at(7) == 0 && at(8) == 0x78 && (at(8) * 256 + at(9)) % 31 == 0;
}

}  // namespace fermata::imports
