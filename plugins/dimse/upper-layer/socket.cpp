#include "upper-layer/socket.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "upper-layer/polling.hpp"

namespace fermata::dimse {
namespace {

constexpr std::size_t kReadAhead = 16 * 1024;  // more than a small object, less than what is worth a second copy
constexpr std::size_t kGather = 16 * 1024;

void set_option(int descriptor, int level, int option, int value) {
  ::setsockopt(descriptor, level, option, &value, sizeof value);
}

}  // namespace

Socket::Socket(int descriptor) : descriptor_(descriptor), ahead_(kReadAhead) {
  set_option(descriptor_, IPPROTO_TCP, TCP_NODELAY, 1);
  set_option(descriptor_, SOL_SOCKET, SO_KEEPALIVE, 1);
}

Socket::~Socket() {
  secured_.reset();
  ::close(descriptor_);
}

std::optional<std::byte> Socket::first_byte() {
  std::byte first{};
  for (;;) {
    const ssize_t count = ::recv(descriptor_, &first, 1, MSG_PEEK | MSG_DONTWAIT);
    if (count > 0) return first;
    const bool would_wait = count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
    if (!would_wait) fail(Fault::closed);
    if (!would_wait || !wait(POLLIN, read_patience_)) return {};
  }
}

bool Socket::secure(std::unique_ptr<tls::Channel> channel) {
  ::fcntl(descriptor_, F_SETFL, ::fcntl(descriptor_, F_GETFL) | O_NONBLOCK);
  secured_ = std::move(channel);
  for (;;) {
    const auto step = secured_->handshake();
    if (step.kind == tls::Step::Kind::done) return true;
    if (!wait_for(step.kind)) return false;
  }
}

/// False: there is nothing to wait for, or it did not come.
bool Socket::wait_for(tls::Step::Kind kind) {
  if (kind == tls::Step::Kind::closed) {
    fail(secured_->problem().empty() ? Fault::closed : Fault::failed);
    return false;
  }
  return kind == tls::Step::Kind::wants_read ? wait(POLLIN, read_patience_) : wait(POLLOUT, write_patience_);
}

std::size_t Socket::fail(Fault fault) {
  if (fault_ == Fault::none) fault_ = fault;
  return 0;
}

bool Socket::wait(short events, std::chrono::milliseconds patience) {
  if (deadline_) patience = std::min(patience, until(*deadline_));
  if (events == POLLIN && pace_.time.count() > 0) return wait_at_pace(patience);
  const int ready = poll_one(descriptor_, events, patience);
  if (ready > 0) return true;
  fail(ready == 0 ? Fault::timed_out : Fault::failed);
  return false;
}

/// The time that we take ourselves between two waits does not count.
bool Socket::wait_at_pace(std::chrono::milliseconds patience) {
  for (auto left = patience;;) {
    const auto start = Clock::now();
    const auto of_pace = std::chrono::ceil<std::chrono::milliseconds>(pace_.time - waited_);
    const int ready = poll_one(descriptor_, POLLIN, std::min(left, of_pace));
    const auto elapsed = Clock::now() - start;
    waited_ += elapsed;
    left = std::max(std::chrono::milliseconds(0), left - std::chrono::floor<std::chrono::milliseconds>(elapsed));
    if (waited_ >= pace_.time) {
      if (paced_bytes_ < pace_.least_bytes) fail(Fault::stalled);
      begin_pace();
    }
    if (ready == 0 && fault_ == Fault::none && left.count() > 0) continue;
    if (ready <= 0) fail(ready == 0 ? Fault::timed_out : Fault::failed);
    return fault_ == Fault::none;
  }
}

std::size_t Socket::read(std::span<std::byte> into) {
  // A record is decrypted in one piece, so that the header of a PDU does not take a call of its own.
  if (secured_ && ahead_begin_ == ahead_end_ && into.size() < ahead_.size() && flush()) {
    ahead_begin_ = 0;
    ahead_end_ = receive_secured(ahead_);
  }
  if (ahead_begin_ < ahead_end_) {
    const std::size_t count = std::min(into.size(), ahead_end_ - ahead_begin_);
    std::memcpy(into.data(), ahead_.data() + ahead_begin_, count);
    ahead_begin_ += count;
    return count;
  }
  if (!flush()) return 0;
  const std::size_t count = receive(into, ahead_);
  ahead_begin_ = 0;
  ahead_end_ = count > into.size() ? count - into.size() : 0;
  return std::min(count, into.size());
}

std::span<const std::byte> Socket::peek(std::size_t count) {
  count = std::min(count, ahead_.size());
  std::copy(ahead_.begin() + static_cast<std::ptrdiff_t>(ahead_begin_),
            ahead_.begin() + static_cast<std::ptrdiff_t>(ahead_end_), ahead_.begin());
  ahead_end_ -= std::exchange(ahead_begin_, 0);
  while (ahead_end_ < count && flush()) {
    const std::size_t got = receive(std::span(ahead_).subspan(ahead_end_), {});
    if (got == 0) break;
    ahead_end_ += got;
  }
  return std::span<const std::byte>(ahead_).first(std::min(count, ahead_end_));
}

std::size_t Socket::receive(std::span<std::byte> first, std::span<std::byte> second) {
  if (fault_ != Fault::none) return 0;
  if (secured_) return receive_secured(first);
  iovec parts[2] = {{first.data(), first.size()}, {second.data(), second.size()}};
  msghdr message{};
  message.msg_iov = parts;
  message.msg_iovlen = second.empty() ? 1 : 2;
  for (;;) {
    const ssize_t count = ::recvmsg(descriptor_, &message, MSG_DONTWAIT);
    if (count > 0) {
      paced_bytes_ += static_cast<std::size_t>(count);
      return static_cast<std::size_t>(count);
    }
    if (count == 0) return fail(Fault::closed);
    if (errno == EINTR) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) return fail(errno == ECONNRESET ? Fault::closed : Fault::failed);
    if (!wait(POLLIN, read_patience_)) return 0;
  }
}

std::size_t Socket::receive_secured(std::span<std::byte> into) {
  while (fault_ == Fault::none) {
    const auto step = secured_->read(into);
    if (step.kind == tls::Step::Kind::done) {
      paced_bytes_ += step.bytes;
      return step.bytes;
    }
    if (!wait_for(step.kind)) break;
  }
  return 0;
}

bool Socket::has_secured() {
  if (fault_ != Fault::none) return true;
  const auto step = secured_->read(ahead_);
  if (step.kind == tls::Step::Kind::wants_read || step.kind == tls::Step::Kind::wants_write) return false;
  ahead_begin_ = 0;
  ahead_end_ = step.bytes;
  if (step.kind == tls::Step::Kind::closed) wait_for(step.kind);
  return true;
}

bool Socket::write(std::span<const std::byte> bytes) {
  if (fault_ != Fault::none) return false;
  if (gathered_.size() + bytes.size() <= kGather) {
    gathered_.insert(gathered_.end(), bytes.begin(), bytes.end());
    return true;
  }
  const bool sent = send_all(gathered_, bytes);
  gathered_.clear();
  return sent;
}

bool Socket::flush() {
  if (gathered_.empty()) return fault_ == Fault::none;
  const bool sent = send_all(gathered_, {});
  gathered_.clear();
  return sent;
}

bool Socket::send_all(std::span<const std::byte> first, std::span<const std::byte> second) {
  if (fault_ != Fault::none) return false;
  if (secured_) return send_secured(first, second);
  while (!first.empty() || !second.empty()) {
    iovec parts[2] = {{const_cast<std::byte*>(first.data()), first.size()},
                      {const_cast<std::byte*>(second.data()), second.size()}};
    msghdr message{};
    message.msg_iov = first.empty() ? parts + 1 : parts;
    message.msg_iovlen = first.empty() ? 1 : 2;
    const ssize_t count = ::sendmsg(descriptor_, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count >= 0) {
      const auto sent = static_cast<std::size_t>(count);
      const std::size_t of_first = std::min(sent, first.size());
      first = first.subspan(of_first);
      second = second.subspan(sent - of_first);
      continue;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) {
      fail(errno == EPIPE || errno == ECONNRESET ? Fault::closed : Fault::failed);
      return false;
    }
    if (!wait(POLLOUT, write_patience_)) return false;
  }
  return true;
}

bool Socket::send_secured(std::span<const std::byte> first, std::span<const std::byte> second) {
  while (!first.empty() || !second.empty()) {
    const tls::Bytes pieces[2] = {first.empty() ? second : first, first.empty() ? tls::Bytes() : second};
    const auto step = secured_->write(std::span(pieces).first(first.empty() ? 1 : 2));
    const std::size_t of_first = std::min(step.bytes, first.size());
    first = first.subspan(of_first);
    second = second.subspan(step.bytes - of_first);
    if (step.kind != tls::Step::Kind::done && !wait_for(step.kind)) return false;
  }
  return true;
}

bool Socket::readable() { return wait_readable(std::chrono::milliseconds(0)) == Wake::readable; }

Socket::Wake Socket::wait_readable(std::chrono::milliseconds limit, int interrupt, int wake) {
  if (ahead_begin_ < ahead_end_ || !flush()) return Wake::readable;
  // What makes the descriptor readable may be a record without data.
  if (secured_ && has_secured()) return Wake::readable;
  if (deadline_) limit = std::min(limit, until(*deadline_));
  const auto end = Clock::now() + limit;
  for (;;) {
    // A negative descriptor is passed over.
    pollfd entries[3] = {{descriptor_, POLLIN, 0}, {interrupt, POLLIN, 0}, {wake, POLLIN, 0}};
    const int ready = ::poll(entries, 3, poll_time(until(end)));
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) return Wake::time_up;
    if (secured_ && entries[0].revents != 0 && !has_secured()) continue;
    if (entries[0].revents != 0 || ready < 0) return Wake::readable;
    return entries[1].revents != 0 ? Wake::interrupted : Wake::woken;
  }
}

void Socket::close() {
  flush();
  if (secured_ && fault_ == Fault::none) secured_->end_writing();
  shut_down();
  fail(Fault::closed);
}

void Socket::shut_down() noexcept { ::shutdown(descriptor_, SHUT_RDWR); }

std::string Socket::peer_address() const {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (::getpeername(descriptor_, reinterpret_cast<sockaddr*>(&address), &length) != 0) return {};
  char text[NI_MAXHOST] = {};
  if (::getnameinfo(reinterpret_cast<sockaddr*>(&address), length, text, sizeof text, nullptr, 0, NI_NUMERICHOST) != 0)
    return {};
  static constexpr std::string_view kMapped = "::ffff:";
  const std::string_view found(text);
  const bool mapped = found.starts_with(kMapped) && found.find('.') != std::string_view::npos;
  return std::string(mapped ? found.substr(kMapped.size()) : found);
}

}  // namespace fermata::dimse
