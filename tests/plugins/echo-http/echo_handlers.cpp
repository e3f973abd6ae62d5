#include "echo_handlers.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "fermata/error.hpp"

namespace echo_http {
namespace {

using namespace fermata;

constexpr std::size_t kPiece = 128 * 1024;

uint64_t number(std::string_view digits) {
  uint64_t value = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (failure != std::errc() || end != digits.data() + digits.size())
    throw Error(Code::invalid, "\"" + std::string(digits) + "\" is no number of bytes");
  return value;
}

std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

}  // namespace

void Echo::handle(HttpRequest& request, HttpResponse& response) {
  response.header("Content-Type", "application/octet-stream");
  std::vector<std::byte> buffer(kPiece);
  while (const auto count = request.read(buffer)) {
    response.write(std::span(buffer).first(static_cast<std::size_t>(count)));
    response.flush();
  }
}

void Mirror::handle(HttpRequest& request, HttpResponse& response) {
  response.header("Content-Type", "text/plain");
  response.header("ETag", "\"mirror\"");
  for (const auto& [name, value] :
       {std::pair("method", request.method()), std::pair("path", request.path()), std::pair("query", request.query()),
        std::pair("name", request.parameter("name")), std::pair("base_url", request.base_url()),
        std::pair("peer_address", request.peer_address()), std::pair("user", request.user()),
        std::pair("id", request.id())})
    response.write(bytes(std::string(name) + "=" + std::string(value) + "\n"));
}

void Zeros::handle(HttpRequest& request, HttpResponse& response) {
  std::vector<std::byte> buffer(kPiece);
  if (request.method() == "PUT") {
    uint64_t total = 0;
    while (const auto count = request.read(buffer)) total += count;
    response.header("Content-Type", "text/plain");
    response.write(bytes(std::to_string(total)));
    return;
  }
  const auto size = number(request.parameter("bytes"));
  response.header("Content-Type", "application/octet-stream");
  response.header("Content-Length", std::to_string(size));
  response.header("Accept-Ranges", "bytes");
  for (auto left = size; left > 0;) {
    const auto count = std::min<uint64_t>(left, buffer.size());
    response.write(std::span(buffer).first(static_cast<std::size_t>(count)));
    left -= count;
    if (request.query() == "slowly") std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

}  // namespace echo_http
