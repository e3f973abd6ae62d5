#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fermata::benchmark {

/// A TCP connection of this machine to itself, without Nagle's delay, read through a large buffer.
///
/// **Thread**: one at a time. **Errors**: std::runtime_error.
class Socket {
 public:
  static Socket connect_to(uint16_t port);
  explicit Socket(int descriptor);  ///< takes it over
  ~Socket();
  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&&) = delete;

  void send(std::string_view data);
  /// False if the other side has closed the connection before the first of these bytes.
  bool read(char* to, std::size_t length);
  void skip(uint64_t length);
  /// Until the other side closes the connection; returns the number of bytes.
  uint64_t skip_rest();
  /// Up to and with `end`, which is short.
  std::string read_until(std::string_view end);

 private:
  bool fill();

  int descriptor_;
  std::vector<char> buffer_;
  std::size_t at_ = 0, end_ = 0;
};

/// Listens on a free port of this machine.
class Listener {
 public:
  explicit Listener(uint16_t port = 0);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  uint16_t port() const { return port_; }
  Socket accept() const;

 private:
  int descriptor_;
  uint16_t port_ = 0;
};

}  // namespace fermata::benchmark
