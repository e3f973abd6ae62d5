#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "socket.hpp"

namespace fermata::benchmark {

/// HTTP/1.1 over a connection that is kept, as long as the server keeps it. **Thread**: one at a time. **Errors**:
/// std::runtime_error.
class HttpConnection {
 public:
  explicit HttpConnection(uint16_t port) : port_(port), socket_(std::in_place, Socket::connect_to(port)) {}

  struct Answer {
    int status = 0;
    uint64_t body = 0;         ///< its length
    double first_byte_us = 0;  ///< from sending on
  };
  std::string head(std::string_view method, const std::string& path, std::string_view fields) const;
  /// The request in one or two pieces.
  Answer exchange(std::string_view head, std::string_view body = {});

 private:
  void read_chunks(Answer& answer);
  void read_body(Answer& answer, uint64_t length);

  const uint16_t port_;
  std::optional<Socket> socket_;
  std::chrono::steady_clock::time_point begin_;
};

}  // namespace fermata::benchmark
