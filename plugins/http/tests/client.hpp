#pragma once
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "answer.hpp"

namespace fermata::http {

/// A TCP connection that says what a test wants, byte by byte.
class Client {
 public:
  explicit Client(uint16_t port, int receive_buffer = 0) : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
    if (receive_buffer > 0) ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("nobody listens");
    const timeval limit{10, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  }
  ~Client() { ::close(descriptor_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool say(std::string_view text) {
    while (!text.empty()) {
      const auto count = ::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }
  /// The next answer; what follows it is kept for the one after that.
  Answer hear(bool head_only = false) {
    for (;;) {
      if (may_be_complete()) {
        Answer answer(heard_, head_only);
        if (answer.complete) {
          heard_ = answer.rest;
          return answer;
        }
      }
      if (!more()) {
        Answer answer(heard_, head_only);
        heard_.clear();
        return answer;
      }
    }
  }
  /// All that comes until the other end closes.
  std::string rest() {
    while (more()) {
    }
    return std::move(heard_);
  }
  bool is_closed() { return heard_.empty() && !more(); }
  void end() { ::shutdown(descriptor_, SHUT_WR); }

 private:
  /// Without a look at the body, which may be large.
  bool may_be_complete() const {
    const auto end = heard_.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    const bool chunks = heard_.find("Transfer-Encoding: chunked") < end;
    return !chunks || heard_.find("\r\n0\r\n", end + 2) != std::string::npos;
  }
  bool more() {
    char piece[64 * 1024];
    const auto count = ::recv(descriptor_, piece, sizeof piece, 0);
    if (count > 0) heard_.append(piece, static_cast<std::size_t>(count));
    return count > 0;
  }

  int descriptor_;
  std::string heard_;
};

inline std::string get(const std::string& path, const std::string& fields = "") {
  return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n";
}
inline std::string post(const std::string& path, const std::string& body, const std::string& fields = "") {
  return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         fields + "\r\n" + body;
}

}  // namespace fermata::http
