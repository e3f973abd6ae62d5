#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tls/channel.hpp"

namespace fermata::dimse {

/// A connected TCP socket, plain or under TLS, with a limit to every wait. Reads ahead and gathers small writes, so
/// that a small message costs one system call each way.
///
/// *Used by* Association, underneath the upper layer.
/// **Thread**: one at a time, except `shut_down`. **Ownership**: closes the descriptor in its destructor.
/// **Errors**: none thrown; a failed read or write says so, and `fault` says why.
class Socket {
 public:
  using Clock = std::chrono::steady_clock;
  enum class Fault { none, closed, timed_out, stalled, failed };

  /// Takes over the descriptor; switches Nagle's algorithm off and keep-alive on.
  explicit Socket(int descriptor);
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  /// The first byte that the peer sends, without taking it; none if it sends nothing. Before any other read.
  std::optional<std::byte> first_byte();
  /// Makes the descriptor non-blocking and lets a channel over it carry the bytes from now on; waits for the handshake.
  bool secure(std::unique_ptr<tls::Channel> channel);
  const tls::Channel* channel() const { return secured_.get(); }  ///< null: plain

  /// How long the next byte may let us wait, and a full buffer of the peer.
  void set_patience(std::chrono::milliseconds read, std::chrono::milliseconds write) {
    read_patience_ = read;
    write_patience_ = write;
  }
  /// Less than `least_bytes` received in `time` spent waiting is no progress: the connection has stalled. Zero: never.
  void set_pace(std::chrono::milliseconds time, std::size_t least_bytes) {
    pace_ = {time, least_bytes};
    begin_pace();
  }
  /// Something new is to be received.
  void begin_pace() {
    waited_ = Clock::duration(0);
    paced_bytes_ = 0;
  }
  /// In addition, nothing waits beyond this moment.
  void set_deadline(std::optional<Clock::time_point> deadline) { deadline_ = deadline; }

  /// At least one byte, at most `into.size()`; 0: there won't be more.
  std::size_t read(std::span<std::byte> into);
  /// The next bytes without taking them; fewer than `count` only if no more come.
  std::span<const std::byte> peek(std::size_t count);
  /// All of `bytes`, possibly only with the next `flush`, `read` or `close`.
  bool write(std::span<const std::byte> bytes);
  bool flush();
  bool readable();  ///< a read would return at once, be it with nothing
  enum class Wake { readable, time_up, interrupted, woken };
  /// Waits for that, or until the descriptor `interrupt` becomes readable, or `wake`.
  Wake wait_readable(std::chrono::milliseconds limit, int interrupt = -1, int wake = -1);
  void close();               ///< sends what waits, then ends the connection both ways
  void shut_down() noexcept;  ///< ends it at once. **Thread**: any

  Fault fault() const { return fault_; }
  int descriptor() const { return descriptor_; }
  std::string peer_address() const;  ///< numeric; IPv4 written as such also on an IPv6 socket

 private:
  std::size_t receive(std::span<std::byte> first, std::span<std::byte> second);
  std::size_t receive_secured(std::span<std::byte> into);
  bool has_secured();  ///< at once, possibly by reading ahead
  bool send_all(std::span<const std::byte> first, std::span<const std::byte> second);
  bool send_secured(std::span<const std::byte> first, std::span<const std::byte> second);
  bool wait_for(tls::Step::Kind kind);
  bool wait(short events, std::chrono::milliseconds patience);
  std::size_t fail(Fault fault);
  bool wait_at_pace(std::chrono::milliseconds patience);

  int descriptor_;
  std::unique_ptr<tls::Channel> secured_;
  std::chrono::milliseconds read_patience_{60000};
  std::chrono::milliseconds write_patience_{60000};
  std::optional<Clock::time_point> deadline_;
  struct Pace {
    std::chrono::milliseconds time{0};
    std::size_t least_bytes = 0;
  };
  Pace pace_;
  Clock::duration waited_{};     ///< of its time
  std::size_t paced_bytes_ = 0;  ///< received meanwhile
  Fault fault_ = Fault::none;
  std::vector<std::byte> ahead_;  ///< read, but not yet asked for: [ahead_begin_, ahead_end_)
  std::size_t ahead_begin_ = 0;
  std::size_t ahead_end_ = 0;
  std::vector<std::byte> gathered_;  ///< written, but not yet sent
};

}  // namespace fermata::dimse
