#include "connection.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

#include "address.hpp"

namespace fermata::local_socket {
namespace {

constexpr int kPollMilliseconds = 100;
constexpr std::size_t kLongestLine = 64 * 1024;

}  // namespace

Connection::~Connection() { ::close(fd_); }

std::unique_ptr<Connection> Connection::to(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) return nullptr;
  const Address address(path);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) throw system_error(errno, "make a socket");
  auto connection = std::make_unique<Connection>(fd);
  if (::connect(fd, address.get(), Address::kSize) == 0) return connection;
  if (errno == ECONNREFUSED || errno == ENOENT) return nullptr;  // left behind by a program that was killed
  throw system_error(errno, "reach the running program at " + path.string());
}

std::optional<std::string> Connection::receive(const std::function<bool()>& stop) {
  for (;;) {
    if (const auto end = held_.find('\n'); end != std::string::npos) {
      auto line = held_.substr(0, end);
      held_.erase(0, end + 1);
      return line;
    }
    if (held_.size() > kLongestLine || stop()) return {};
    pollfd waiting{fd_, POLLIN, 0};
    if (::poll(&waiting, 1, kPollMilliseconds) <= 0) continue;
    char piece[4096];
    const auto count = ::recv(fd_, piece, sizeof piece, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return {};
    held_.append(piece, static_cast<std::size_t>(count));
  }
}

bool Connection::send(std::string line) {
  line += '\n';
  for (std::string_view rest = line; !rest.empty();) {
    const auto count = ::send(fd_, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    rest.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

bool Connection::has_gone() const {
  pollfd other{fd_, POLLRDHUP, 0};
  return ::poll(&other, 1, 0) > 0;
}

bool Connection::is_ours() const {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(fd_, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && (peer.uid == 0 || peer.uid == ::geteuid());
}

}  // namespace fermata::local_socket
