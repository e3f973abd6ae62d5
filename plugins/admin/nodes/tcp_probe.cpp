#include "nodes/tcp_probe.hpp"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>

namespace fermata::admin {
namespace {

using Outcome = TcpProbe::Outcome;

class Socket {
 public:
  explicit Socket(const addrinfo& target)
      : fd_(::socket(target.ai_family, target.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, target.ai_protocol)) {}
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int fd() const { return fd_; }

 private:
  const int fd_;
};

std::string numeric(const sockaddr* address, socklen_t size) {
  std::array<char, NI_MAXHOST> text{};
  if (::getnameinfo(address, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0) return {};
  return text.data();
}

Outcome outcome_of(int error) {
  if (error == 0) return Outcome::open;
  if (error == ECONNREFUSED) return Outcome::refused;
  return error == ETIMEDOUT ? Outcome::no_answer : Outcome::unreachable;
}

Outcome connect(const Socket& socket, const addrinfo& target, std::chrono::milliseconds patience) {
  if (socket.fd() < 0) return Outcome::unreachable;
  if (::connect(socket.fd(), target.ai_addr, target.ai_addrlen) == 0) return Outcome::open;
  if (errno != EINPROGRESS) return outcome_of(errno);
  pollfd waiting{socket.fd(), POLLOUT, 0};
  if (::poll(&waiting, 1, static_cast<int>(patience.count())) <= 0) return Outcome::no_answer;
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(socket.fd(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) return Outcome::unreachable;
  return outcome_of(error);
}

std::string own_address(const Socket& socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(socket.fd(), reinterpret_cast<sockaddr*>(&address), &size) != 0) return {};
  return numeric(reinterpret_cast<const sockaddr*>(&address), size);
}

}  // namespace

TcpProbe probe_tcp(const std::string& host, uint16_t port, std::chrono::milliseconds patience) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0)
    return {Outcome::unknown_host, {}, {}};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, &::freeaddrinfo);
  TcpProbe probe;
  for (const auto* target = found; target != nullptr; target = target->ai_next) {
    const Socket socket(*target);
    probe.outcome = connect(socket, *target, patience);
    probe.peer_address = numeric(target->ai_addr, target->ai_addrlen);
    if (probe.outcome != Outcome::open) continue;
    probe.own_address = own_address(socket);
    break;
  }
  return probe;
}

}  // namespace fermata::admin
