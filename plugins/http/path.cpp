#include "path.hpp"

#include <algorithm>

#include "problem.hpp"

namespace fermata::http {
namespace {

int hexadecimal(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

std::string checked(std::string_view encoded) {
  auto segment = percent_decoded(encoded);
  if (!segment)
    throw Problem(400, "The path has a \"%\" without two hexadecimal digits after it; write it as \"%25\".");
  if (*segment == "." || *segment == "..")
    throw Problem(400, "The path has a segment \".\" or \"..\"; send the path that it leads to.");
  if (std::any_of(segment->begin(), segment->end(), is_control))
    throw Problem(400, "The path has a control character, which no path of this server has.");
  return std::move(*segment);
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hexadecimal(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hexadecimal(text[i + 2]) : -1;
    if (high < 0 || low < 0) return {};
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

std::vector<std::string> path_segments(std::string_view path) {
  std::vector<std::string> segments;
  for (std::size_t begin = 1; begin <= path.size();) {
    const auto end = std::min(path.find('/', begin), path.size());
    segments.push_back(checked(path.substr(begin, end - begin)));
    begin = end + 1;
  }
  return segments;
}

}  // namespace fermata::http
