#include "admission/acceptor.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "fermata/error.hpp"
#include "upper-layer/socket.hpp"

namespace fermata::dimse {
namespace {

constexpr int kBacklog = 512;
constexpr std::chrono::milliseconds kPause{100};  ///< when the process has no descriptor or thread left

void allow(int descriptor, int level, int option, int value) {
  ::setsockopt(descriptor, level, option, &value, sizeof value);
}

/// The listening socket on one address; -1 and `errno` if it can't be.
int listen_on(const addrinfo& address) {
  const int descriptor = ::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) return -1;
  allow(descriptor, SOL_SOCKET, SO_REUSEADDR, 1);
  if (address.ai_family == AF_INET6) allow(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, 0);
  if (::bind(descriptor, address.ai_addr, address.ai_addrlen) == 0 && ::listen(descriptor, kBacklog) == 0)
    return descriptor;
  const int problem = errno;
  ::close(descriptor);
  errno = problem;
  return -1;
}

int listen_on(const std::string& host, uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  if (const int problem = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found); problem != 0)
    throw Error(Code::invalid,
                "`bind` is " + host + ", which is no address of this machine: " + ::gai_strerror(problem));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);
  return listen_on(*found);
}

uint16_t port_of(int descriptor) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length);
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(address).sin6_port
                                             : reinterpret_cast<sockaddr_in&>(address).sin_port);
}

std::shared_ptr<Socket> owner_of(int descriptor) {
  try {
    return std::make_shared<Socket>(descriptor);
  } catch (...) {
    ::close(descriptor);
    throw;
  }
}

}  // namespace

Acceptor::Acceptor(AcceptorSettings settings, Reception& reception, const Journal& journal, tls::Context* tls)
    : settings_(std::move(settings)),
      reception_(reception),
      journal_(journal),
      tls_(tls),
      stopping_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      seats_(settings_.maximum_connections, settings_.connections_per_address) {}

Acceptor::~Acceptor() {
  stop();
  ::close(stopping_);
}

void Acceptor::listen() {
  listener_ = listen_on(settings_.bind, settings_.port);
  // A machine without IPv6 can still be reached.
  if (listener_ < 0 && errno == EAFNOSUPPORT && settings_.bind == "::")
    listener_ = listen_on("0.0.0.0", settings_.port);
  if (listener_ < 0)
    throw Error(Code::unavailable, "can't listen on " + settings_.bind + " port " + std::to_string(settings_.port) +
                                       ": " + std::strerror(errno) + ". Choose another `bind` or `" +
                                       settings_.port_option + "` for dimse");
  port_ = port_of(listener_);
}

void Acceptor::serve() {
  thread_ = std::thread([this] { accept_all(); });
}

void Acceptor::accept_all() {
  for (;;) {
    pollfd entries[2] = {{listener_, POLLIN, 0}, {stopping_, POLLIN, 0}};
    if (::poll(entries, 2, -1) < 0 && errno != EINTR) return;
    if (entries[1].revents != 0) return;
    if (entries[0].revents != 0) accept_one();
    join_done();
  }
}

void Acceptor::accept_one() {
  const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (descriptor >= 0) {
    try {
      welcome(descriptor);
    } catch (const std::bad_alloc&) {
      journal_.log(LogLevel::error, "a connection was closed: there is no memory for it", {});
    }
    return;
  }
  if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED) return;
  const int number = errno;
  const bool files = number == EMFILE || number == ENFILE;
  journal_.log(LogLevel::error,
               std::string("a connection can't be accepted: ") + std::strerror(number) +
                   (files ? "; raise the limit of open files (LimitNOFILE of the service)" : ""),
               {});
  std::this_thread::sleep_for(kPause);
}

void Acceptor::welcome(int descriptor) {
  auto socket = owner_of(descriptor);
  auto seat = std::make_shared<Seats::Seat>(seats_, socket->peer_address());
  if (seat->kind() != Seats::Seat::Kind::taken) {
    journal_.count("limit_connections_total", 1);
    return;
  }
  const std::lock_guard lock(mutex_);
  auto& connection = connections_.emplace_back();
  connection.socket = socket;
  const auto end = [this, &connection] {
    const std::lock_guard ended(mutex_);
    connection.socket.reset();
    connection.done = true;
    --open_;
    ended_.notify_all();
  };
  try {
    connection.thread = std::thread([this, end, socket = std::move(socket), seat = std::move(seat)]() mutable {
      try {
        reception_.serve(socket, stopping_, tls_);
      } catch (const std::bad_alloc&) {  // not even for a line in the log
        socket->shut_down();
      }
      socket.reset();
      seat.reset();
      end();
    });
    ++open_;
  } catch (const std::exception& error) {
    journal_.log(LogLevel::error, std::string("no thread for a connection: ") + error.what(), {});
    connections_.pop_back();
  }
}

void Acceptor::join_done() {
  std::list<Connection> done;
  {
    const std::lock_guard lock(mutex_);
    for (auto it = connections_.begin(); it != connections_.end();) {
      const auto next = std::next(it);
      if (it->done) done.splice(done.end(), connections_, it);
      it = next;
    }
  }
  for (auto& connection : done) connection.thread.join();
}

void Acceptor::drain(std::chrono::milliseconds limit) {
  const uint64_t one = 1;
  if (::write(stopping_, &one, sizeof one) < 0 && errno != EAGAIN) limit = std::chrono::milliseconds(0);
  if (thread_.joinable()) thread_.join();
  if (listener_ >= 0) ::close(std::exchange(listener_, -1));
  std::unique_lock lock(mutex_);
  ended_.wait_for(lock, limit, [this] { return open_ == 0; });
}

void Acceptor::stop() noexcept {
  drain(std::chrono::milliseconds(0));
  {
    const std::lock_guard lock(mutex_);
    for (auto& connection : connections_)
      if (connection.socket) connection.socket->shut_down();
  }
  for (auto& connection : connections_) connection.thread.join();
  connections_.clear();
}

}  // namespace fermata::dimse
