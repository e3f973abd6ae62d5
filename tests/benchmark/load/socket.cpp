#include "socket.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace fermata::benchmark {
namespace {

constexpr std::size_t kBuffer = 1 << 18;

std::runtime_error failed(const char* doing) {
  return std::runtime_error(std::string(doing) + ": " + std::strerror(errno));
}

sockaddr_in loopback(uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

}  // namespace

Socket Socket::connect_to(uint16_t port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) throw failed("no socket");
  Socket socket(descriptor);
  const auto address = loopback(port);
  if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw failed("can't connect");
  return socket;
}

Socket::Socket(int descriptor) : descriptor_(descriptor), buffer_(kBuffer) {
  const int on = 1;
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Socket::~Socket() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Socket::Socket(Socket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      buffer_(std::move(other.buffer_)),
      at_(other.at_),
      end_(other.end_) {}

void Socket::send(std::string_view data) {
  while (!data.empty()) {
    const auto n = ::send(descriptor_, data.data(), data.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) throw failed("the connection broke while sending");
    data.remove_prefix(static_cast<std::size_t>(n));
  }
}

bool Socket::fill() {
  for (;;) {
    const auto n = ::recv(descriptor_, buffer_.data(), buffer_.size(), 0);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw failed("the connection broke while receiving");
    at_ = 0;
    end_ = static_cast<std::size_t>(n);
    return n > 0;
  }
}

bool Socket::read(char* to, std::size_t length) {
  for (std::size_t done = 0; done < length;) {
    if (at_ == end_ && !fill()) {
      if (done == 0) return false;
      throw std::runtime_error("the connection ended early");
    }
    const auto n = std::min(length - done, end_ - at_);
    std::memcpy(to + done, buffer_.data() + at_, n);
    at_ += n;
    done += n;
  }
  return true;
}

void Socket::skip(uint64_t length) {
  while (length > 0) {
    if (at_ == end_ && !fill()) throw std::runtime_error("the connection ended early");
    const auto n = std::min<uint64_t>(length, end_ - at_);
    at_ += n;
    length -= n;
  }
}

uint64_t Socket::skip_rest() {
  uint64_t length = end_ - at_;
  while (fill()) length += end_;
  at_ = end_;
  return length;
}

std::string Socket::read_until(std::string_view end) {
  std::string text;
  while (!text.ends_with(end)) {
    char c = 0;
    if (!read(&c, 1)) throw std::runtime_error("the connection ended early");
    text += c;
  }
  return text;
}

Listener::Listener(uint16_t port) : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const int on = 1;
  ::setsockopt(descriptor_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  auto address = loopback(port);
  socklen_t length = sizeof address;
  if (::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), length) != 0 || ::listen(descriptor_, 64) != 0 ||
      ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &length) != 0)
    throw failed("can't listen");
  port_ = ntohs(address.sin_port);
}

Listener::~Listener() { ::close(descriptor_); }

Socket Listener::accept() const {
  const int descriptor = ::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC);
  if (descriptor < 0) throw failed("can't accept");
  return Socket(descriptor);
}

}  // namespace fermata::benchmark
