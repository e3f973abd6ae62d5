#include "gzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <string>

#include "fermata/error.hpp"
#include "fields.hpp"

namespace fermata::http {
namespace {

constexpr int kLevel = 1;  // text of this archive shrinks to a tenth with it; more takes time that the client waits
constexpr int kGzipHeader = 16;
constexpr int kMemory = 8;
constexpr std::size_t kRoom = 16 * 1024;

constexpr std::array<std::string_view, 9> kTypes{
    "application/json",         "application/javascript",    "application/xml",
    "application/wasm",         "application/manifest+json", "image/svg+xml",
    "application/x-javascript", "application/dicom+json",    "font/ttf"};

}  // namespace

bool is_compressible(std::string_view content_type) {
  std::string type(trimmed(content_type.substr(0, content_type.find(';'))));
  std::transform(type.begin(), type.end(), type.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return type.starts_with("text/") || type.ends_with("+json") || type.ends_with("+xml") ||
         std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end();
}

struct Gzip::State : z_stream {};

Gzip::Gzip() : state_(std::make_unique<State>()) {
  static_cast<z_stream&>(*state_) = {};
  if (::deflateInit2(state_.get(), kLevel, Z_DEFLATED, MAX_WBITS + kGzipHeader, kMemory, Z_DEFAULT_STRATEGY) != Z_OK)
    throw Error(Code::out_of_memory, "there is no memory for compressing an answer");
}

Gzip::~Gzip() { ::deflateEnd(state_.get()); }

void Gzip::add(Bytes data, std::vector<std::byte>& out) {
  constexpr std::size_t kMost = std::size_t{1} << 30;
  while (!data.empty()) {
    const auto piece = data.first(std::min(data.size(), kMost));
    data = data.subspan(piece.size());
    state_->next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(piece.data()));
    state_->avail_in = static_cast<uInt>(piece.size());
    run(Z_NO_FLUSH, out);
  }
}

void Gzip::flush(std::vector<std::byte>& out) { run(Z_SYNC_FLUSH, out); }
void Gzip::finish(std::vector<std::byte>& out) { run(Z_FINISH, out); }

void Gzip::run(int how, std::vector<std::byte>& out) {
  std::array<std::byte, kRoom> room;
  do {
    state_->next_out = reinterpret_cast<Bytef*>(room.data());
    state_->avail_out = static_cast<uInt>(kRoom);
    ::deflate(state_.get(), how);
    out.insert(out.end(), room.begin(), room.end() - state_->avail_out);
  } while (state_->avail_out == 0);
}

}  // namespace fermata::http
