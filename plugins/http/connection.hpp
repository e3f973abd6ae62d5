#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>

#include "client_origin.hpp"
#include "input_buffer.hpp"
#include "problem.hpp"
#include "site.hpp"
#include "transport.hpp"
#include "worker_pool.hpp"

namespace fermata::http {

/// The threads that answer.
struct Workers {
  WorkerPool usual;
  WorkerPool urgent;  ///< see Site::is_urgent
};

/// A connection from its first byte to its last: waits for requests without a thread, hands each to a worker, and
/// closes without losing an answer that is on its way (RFC 9112 9.6).
///
/// **Thread**: that of the io_context; while a worker answers, the transport and the buffer are the worker's.
/// **Ownership**: keeps itself alive while something is under way; `ended` is called once, at the end.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Ended = std::function<void(Connection&)>;

  Connection(boost::asio::ip::tcp::socket socket, std::unique_ptr<Transport> transport, Peer peer, const Site& site,
             Workers& workers, Ended ended);

  void start();
  /// Closes when nothing is under way, otherwise after the request.
  void drain();
  /// Ends what is under way: a worker's next read or write fails.
  void abort();
  /// An answer without a request, and the end.
  void refuse(const Problem& problem);
  const Peer& peer() const { return peer_; }

 private:
  enum class State { handshake, idle, head, working, lingering, closed };

  void handshake();
  void receive();
  void take_request(std::size_t head_size);
  void answer(RequestHead head);
  void answered(After after);
  void linger();
  void discard();
  void close(bool reset = false);
  void wait(Step::Kind kind, void (Connection::*then)());
  void deadline(std::chrono::milliseconds time);
  void timed_out();

  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer timer_;
  std::unique_ptr<Transport> transport_;
  const Peer peer_;
  const Site& site_;
  Workers& workers_;
  const Ended ended_;
  InputBuffer received_;
  std::size_t searched_ = 0;  ///< in what was received, there is no end of a head up to here
  State state_ = State::handshake;
  bool last_ = false;  ///< no request after this one
  uint64_t discarded_ = 0;
};

}  // namespace fermata::http
