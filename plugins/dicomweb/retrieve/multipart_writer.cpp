#include "retrieve/multipart_writer.hpp"

#include <random>

namespace fermata::dicomweb {
namespace {

std::string random_boundary() {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::random_device random;
  std::string boundary = "part-";
  for (int word = 0; word < 4; ++word) {
    auto bits = random();
    for (int digit = 0; digit < 8; ++digit, bits >>= 4) boundary += kDigits[bits & 15];
  }
  return boundary;
}

}  // namespace

std::string content_type(std::string_view media_type, std::string_view transfer_syntax) {
  return std::string(media_type) + "; transfer-syntax=" + std::string(transfer_syntax);
}

MultipartWriter::MultipartWriter(HttpResponse& response, std::string_view type)
    : boundary_(random_boundary()), body_(response) {
  response.header("Content-Type",
                  "multipart/related; type=\"" + std::string(type) + "\"; boundary=\"" + boundary_ + "\"");
}

void MultipartWriter::begin_part(std::string_view content_type, std::string_view location) {
  body_.add(first_ ? "--" : "\r\n--");
  first_ = false;
  body_.add(boundary_);
  body_.add("\r\nContent-Type: ");
  body_.add(content_type);
  if (!location.empty()) {
    body_.add("\r\nContent-Location: ");
    body_.add(location);
  }
  body_.add("\r\n\r\n");
}

void MultipartWriter::finish() {
  body_.add(first_ ? "--" : "\r\n--");
  body_.add(boundary_);
  body_.add("--\r\n");
  body_.finish();
}

}  // namespace fermata::dicomweb
