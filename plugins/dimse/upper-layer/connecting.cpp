#include "upper-layer/connecting.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "fermata/error.hpp"
#include "upper-layer/polling.hpp"

namespace fermata::dimse {
namespace {

using Clock = std::chrono::steady_clock;

/// One attempt; -1 and `errno` if it fails.
int connect_address(const addrinfo& address, Clock::time_point end) {
  const int descriptor = ::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) return -1;
  int problem = ::connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno;
  if (problem == EINPROGRESS) {
    const int ready = poll_one(descriptor, POLLOUT, until(end));
    socklen_t length = sizeof problem;
    if (ready == 0)
      problem = ETIMEDOUT;
    else if (ready < 0 || ::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &problem, &length) != 0)
      problem = errno;
  }
  if (problem == 0) {
    ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) & ~O_NONBLOCK);
    return descriptor;
  }
  ::close(descriptor);
  errno = problem;
  return -1;
}

}  // namespace

int connect_to(const std::string& host, uint16_t port, std::chrono::milliseconds timeout) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string place = host + " port " + std::to_string(port);
  if (const int problem = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found); problem != 0)
    throw Error(Code::unavailable, "the host name " + host + " can't be resolved: " + ::gai_strerror(problem));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);
  const auto end = Clock::now() + timeout;
  int problem = 0;
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    const int descriptor = connect_address(*address, end);
    if (descriptor >= 0) return descriptor;
    problem = errno;
  }
  throw Error(Code::unavailable, "nobody answers at " + place + ": " + std::strerror(problem));
}

}  // namespace fermata::dimse
