#include "store/multipart_reader.hpp"

#include <algorithm>
#include <cstring>

#include "fermata/error.hpp"

namespace fermata::dicomweb {
namespace {

constexpr std::size_t kBuffer = 256 * 1024;
constexpr std::size_t kLongestBoundary = 200;  // RFC 2046 has 70
constexpr std::size_t kLongestPadding = 256;   // of a delimiter's line
constexpr std::size_t kLongestLine = 8 * 1024;
constexpr std::size_t kMostLines = 64;

[[noreturn]] void fail(const std::string& what) { throw Error(Code::invalid, "the multipart body is wrong: " + what); }

std::string delimiter_of(std::string_view boundary) {
  const bool possible = !boundary.empty() && boundary.size() <= kLongestBoundary && boundary.back() != ' ' &&
                        std::all_of(boundary.begin(), boundary.end(), [](char c) { return c >= ' ' && c < 0x7f; });
  if (!possible) fail("its Content-Type names no boundary");
  return "\r\n--" + std::string(boundary);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view space = " \t";
  const auto begin = text.find_first_not_of(space);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(space) - begin + 1);
}

}  // namespace

/// A line end before the body makes the first delimiter look like the others.
MultipartReader::MultipartReader(std::string_view boundary, Source source, std::size_t most_parts)
    : delimiter_(delimiter_of(boundary)),
      source_(std::move(source)),
      buffer_(kBuffer),
      end_(2),
      most_parts_(most_parts) {
  buffer_[0] = std::byte{'\r'};
  buffer_[1] = std::byte{'\n'};
}

bool MultipartReader::next() {
  while (!read().empty()) {
  }
  if (closed_) return false;
  if (++parts_ > most_parts_) fail("it has more than " + std::to_string(most_parts_) + " parts");
  read_headers();
  in_part_ = true;
  return true;
}

std::string_view MultipartReader::header(std::string_view name) const {
  for (const auto& [known, value] : headers_)
    if (known == name) return value;
  return {};
}

std::span<const std::byte> MultipartReader::read() {
  while (in_part_) {
    const auto text = ahead();
    const auto* found =
        static_cast<const char*>(memmem(text.data(), text.size(), delimiter_.data(), delimiter_.size()));
    std::size_t content = 0;  // of what is ahead, bytes that belong to the part for sure
    if (found != nullptr)
      content = static_cast<std::size_t>(found - text.data());
    else if (text.size() >= delimiter_.size())
      content = text.size() - (delimiter_.size() - 1);
    if (content == 0 && found != nullptr) {
      if (at_delimiter_line()) {
        in_part_ = false;
        break;
      }
      content = 2;  // the line end: what follows only begins like the boundary
    }
    if (content != 0) {
      const auto bytes = std::span<const std::byte>(buffer_).subspan(begin_, content);
      begin_ += content;
      return bytes;
    }
    if (!fill()) fail("it ends without its closing boundary");
  }
  return {};
}

/// Reads more behind what is there. False at the end of the body.
bool MultipartReader::fill() {
  if (begin_ != 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  const auto count = source_(std::span(buffer_).subspan(end_));
  end_ += static_cast<std::size_t>(count);
  return count != 0;
}

std::string_view MultipartReader::ahead() const {
  return {reinterpret_cast<const char*>(buffer_.data()) + begin_, end_ - begin_};
}

/// With a delimiter ahead: goes past its line, if it is all of a line (but for padding, RFC 2046 5.1.1).
bool MultipartReader::at_delimiter_line() {
  for (;;) {
    const auto rest = ahead().substr(delimiter_.size());
    if (rest.starts_with("--")) {
      closed_ = true;
      begin_ += delimiter_.size() + 2;
      return true;
    }
    const auto end = rest.find_first_not_of(" \t");
    if (end != std::string_view::npos && rest.substr(end).starts_with("\r\n")) {
      begin_ += delimiter_.size() + end + 2;
      return true;
    }
    const bool undecided = end == std::string_view::npos ? rest.size() < kLongestPadding
                                                         : rest.size() == end + 1 && (rest[end] == '\r' || rest == "-");
    if (!undecided) return false;
    if (!fill()) fail("it ends without its closing boundary");
  }
}

void MultipartReader::read_headers() {
  headers_.clear();
  for (std::size_t lines = 0;; ++lines) {
    const auto line = read_header_line();
    if (line.empty()) return;
    if (lines == kMostLines) fail("a part has too many headers");
    if (line.front() == ' ' || line.front() == '\t') {  // continues the one before (RFC 822 3.1.1)
      if (headers_.empty()) fail("a part begins with half a header");
      (headers_.back().second += ' ') += trimmed(line);
      continue;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) fail("a part has a header without a name");
    std::string name(trimmed(line.substr(0, colon)));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    headers_.emplace_back(std::move(name), trimmed(line.substr(colon + 1)));
  }
}

/// Without its end; valid until more is read.
std::string_view MultipartReader::read_header_line() {
  for (;;) {
    const auto text = ahead();
    if (const auto end = text.find("\r\n"); end != std::string_view::npos) {
      if (end > kLongestLine) fail("a header of a part is too long");
      begin_ += end + 2;
      return text.substr(0, end);
    }
    if (text.size() > kLongestLine) fail("a header of a part is too long");
    if (!fill()) fail("it ends within the headers of a part");
  }
}

}  // namespace fermata::dicomweb
