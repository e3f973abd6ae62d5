#include "connection.hpp"

#include <sys/socket.h>

#include <array>
#include <boost/asio/post.hpp>
#include <utility>

#include "request_head.hpp"

namespace fermata::http {
namespace {

constexpr std::size_t kFirstRoom = 4 * 1024;
constexpr std::chrono::milliseconds kLinger{3000};
constexpr uint64_t kMostDiscarded = uint64_t{64} << 20;

/// Which limit a connection has reached that is answered with this.
std::string_view limit_of(unsigned status) {
  switch (status) {
    case 408:
      return "head_time";
    case 414:
    case 431:
      return "head";
    default:
      return {};
  }
}

}  // namespace

Connection::Connection(boost::asio::ip::tcp::socket socket, std::unique_ptr<Transport> transport, Peer peer,
                       const Site& site, Workers& workers, Ended ended)
    : socket_(std::move(socket)),
      timer_(socket_.get_executor()),
      transport_(std::move(transport)),
      peer_(std::move(peer)),
      site_(site),
      workers_(workers),
      ended_(std::move(ended)) {}

void Connection::start() {
  deadline(site_.settings().timeouts.head);
  handshake();
}

void Connection::handshake() {
  const auto step = transport_->handshake();
  if (step.kind == Step::Kind::closed) {
    site_.journal().count("failed_handshakes_total", 1);
    if (const auto problem = transport_->problem(); !problem.empty())
      site_.journal().log(LogLevel::info, "a TLS handshake failed: " + problem, {{"peer", peer_.address}});
    close();
  } else if (step.kind == Step::Kind::done) {
    state_ = State::head;
    receive();
  } else {
    wait(step.kind, &Connection::handshake);
  }
}

void Connection::receive() {
  for (;;) {
    while (received_.text().starts_with("\r\n")) received_.consume(2);  // of the request before (RFC 9112 2.2)
    if (const auto size = head_length(received_.text(), searched_)) {
      searched_ = 0;
      take_request(*size);
      return;
    }
    searched_ = received_.size();
    const auto most = site_.settings().limits.head;
    if (received_.size() >= most) {
      const bool line = received_.text().find("\r\n") == std::string_view::npos;
      refuse(line ? Problem(414, "The request's first line is too long.")
                  : Problem(431, "The request's head is too large."));
      return;
    }
    const auto room = received_.room(std::min(kFirstRoom, most - received_.size()));
    const auto step = transport_->read(room);
    if (step.kind == Step::Kind::closed) {
      close();
      return;
    }
    if (step.kind != Step::Kind::done) {
      if (state_ == State::idle) received_.release();
      wait(step.kind, &Connection::receive);
      return;
    }
    if (state_ == State::idle) {
      state_ = State::head;
      deadline(site_.settings().timeouts.head);
    }
    received_.commit(step.bytes);
  }
}

void Connection::take_request(std::size_t head_size) {
  try {
    auto head = parse_request_head(received_.text().substr(0, head_size));
    received_.consume(head_size);
    answer(std::move(head));
  } catch (const Problem& problem) {
    refuse(problem);
  }
}

void Connection::answer(RequestHead head) {
  state_ = State::working;
  timer_.cancel();
  auto& workers = site_.is_urgent(head) ? workers_.urgent : workers_.usual;
  const bool posted = workers.post([self = shared_from_this(), head = std::move(head), last = last_] {
    const auto after = self->site_.answer(self->peer_, head, self->received_, *self->transport_, last);
    boost::asio::post(self->socket_.get_executor(), [self, after] { self->answered(after); });
  });
  if (posted) return;
  site_.journal().count("requests_without_worker_total", 1);
  Fields fields;
  fields.set("Retry-After", "2");
  refuse(Problem(503, "All workers of this server are busy; try again.", fields));
}

void Connection::answered(After after) {
  if (state_ == State::closed) return;
  if (after == After::cut) {
    close(true);
  } else if (after == After::close || last_) {
    linger();
  } else {
    state_ = State::idle;
    deadline(site_.settings().timeouts.idle);
    receive();
  }
}

void Connection::refuse(const Problem& problem) {
  if (const auto limit = limit_of(problem.status()); !limit.empty())
    site_.journal().count("limit_" + std::string(limit) + "_total", 1);
  site_.journal().count("refused_requests_total", 1);
  if (site_.settings().access_log)
    site_.journal().log(
        LogLevel::info, "request refused",
        {{"status", std::to_string(problem.status())}, {"peer", peer_.address}, {"reason", problem.what()}});
  const auto text = site_.refusal(problem);
  const std::array pieces{std::as_bytes(std::span(text))};
  transport_->write(pieces);  // what the socket does not take at once has no receiver worth waiting for
  linger();
}

/// Reads on for a while what nobody wants: a reset would take from the client the answer that it has not read yet.
void Connection::linger() {
  state_ = State::lingering;
  transport_->end_writing();
  deadline(kLinger);
  discard();
}

void Connection::discard() {
  std::array<char, 64 * 1024> nowhere;
  const auto count = ::recv(socket_.native_handle(), nowhere.data(), nowhere.size(), 0);
  const bool would_wait = count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
  if (count > 0) discarded_ += static_cast<uint64_t>(count);
  if ((count <= 0 && !would_wait) || discarded_ > kMostDiscarded)
    close();
  else
    wait(Step::Kind::wants_read, &Connection::discard);
}

void Connection::wait(Step::Kind kind, void (Connection::*then)()) {
  const auto direction = kind == Step::Kind::wants_read ? boost::asio::ip::tcp::socket::wait_read
                                                        : boost::asio::ip::tcp::socket::wait_write;
  socket_.async_wait(direction, [self = shared_from_this(), then](const boost::system::error_code& error) {
    if (self->state_ == State::closed) return;
    if (error)
      self->close();
    else
      ((*self).*then)();
  });
}

void Connection::deadline(std::chrono::milliseconds time) {
  timer_.expires_after(time);
  timer_.async_wait([self = weak_from_this()](const boost::system::error_code& error) {
    const auto connection = self.lock();
    // One that was put off meanwhile may be on its way already.
    if (error || !connection || connection->timer_.expiry() > std::chrono::steady_clock::now()) return;
    connection->timed_out();
  });
}

void Connection::timed_out() {
  switch (state_) {
    case State::head:
      if (received_.size() > 0) {
        refuse(Problem(408, "The request's head did not arrive in time."));
        return;
      }
      close();
      return;
    case State::working:
    case State::closed:
      return;
    default:
      close();
  }
}

void Connection::drain() {
  last_ = true;
  if (state_ == State::idle || (state_ == State::head && received_.size() == 0)) close();
}

void Connection::abort() {
  if (state_ == State::closed) return;
  ::shutdown(socket_.native_handle(), SHUT_RDWR);
  if (state_ != State::working) close();
}

void Connection::close(bool reset) {
  if (state_ == State::closed) return;
  state_ = State::closed;
  timer_.cancel();
  boost::system::error_code ignored;
  if (reset) socket_.set_option(boost::asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
  ended_(*this);
}

}  // namespace fermata::http
