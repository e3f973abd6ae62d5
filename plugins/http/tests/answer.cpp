#include "answer.hpp"

#include <algorithm>

namespace fermata::http {
namespace {

/// Moves one line out of `text`.
std::string line_of(std::string& text) {
  const auto end = text.find("\r\n");
  if (end == std::string::npos) return "";
  auto line = text.substr(0, end);
  text.erase(0, end + 2);
  return line;
}

bool read_chunks(std::string& text, std::string& body) {
  while (text.find("\r\n") != std::string::npos) {
    const auto size = std::stoull(line_of(text), nullptr, 16);
    if (size == 0) {
      line_of(text);
      return true;
    }
    if (text.size() < size + 2) return false;
    body += text.substr(0, size);
    text.erase(0, size + 2);
  }
  return false;
}

}  // namespace

Answer::Answer(const std::string& text, bool head_only) : rest(text) {
  const auto first = line_of(rest);
  if (first.size() < 12) return;
  status = std::stoi(first.substr(9, 3));
  for (auto line = line_of(rest); !line.empty(); line = line_of(rest)) {
    const auto colon = line.find(": ");
    auto name = line.substr(0, colon);
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    auto& value = fields[name];
    value += (value.empty() ? "" : ", ") + line.substr(colon + 2);
  }
  if (head_only || status == 304 || status == 204) {
    complete = true;
  } else if (fields.count("transfer-encoding") != 0) {
    complete = read_chunks(rest, body);
  } else if (fields.count("content-length") != 0) {
    const auto length = std::stoull(fields["content-length"]);
    complete = rest.size() >= length;
    body = rest.substr(0, length);
    rest.erase(0, length);
  } else {
    body = std::move(rest);
    rest.clear();
  }
}

}  // namespace fermata::http
