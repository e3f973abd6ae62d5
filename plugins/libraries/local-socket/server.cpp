#include "server.hpp"

#include <poll.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "address.hpp"

namespace fermata::local_socket {
namespace {

namespace fs = std::filesystem;

constexpr int kPollMilliseconds = 100;
constexpr int kWaiting = 8;
constexpr std::size_t kMostClients = 32;

void make_private(const fs::path& folder) {
  if (fs::create_directories(folder)) fs::permissions(folder, fs::perms::owner_all);
}

/// Somebody who does not read does not hold up the end of the program.
void limit_patience(int connection) {
  const timeval patience{2, 0};
  ::setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

}  // namespace

void Server::start() {
  make_private(path_.parent_path());
  fs::remove(path_);
  const Address address(path_);
  listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener_ < 0) throw system_error(errno, "make a socket");
  if (::bind(listener_, address.get(), Address::kSize) != 0 || ::chmod(path_.c_str(), 0600) != 0 ||
      ::listen(listener_, kWaiting) != 0) {
    const int number = errno;
    ::close(std::exchange(listener_, -1));
    throw system_error(number, "listen at " + path_.string());
  }
  thread_ = std::thread([this] { accept_clients(); });
}

void Server::stop() noexcept {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
  for (auto& client : clients_) client.thread.join();
  clients_.clear();
  if (listener_ < 0) return;
  ::close(std::exchange(listener_, -1));
  std::error_code ignored;
  fs::remove(path_, ignored);
}

void Server::accept_clients() {
  while (!stopping_) {
    clients_.remove_if([](Client& client) {
      if (!client.ended) return false;
      client.thread.join();
      return true;
    });
    pollfd waiting{listener_, POLLIN, 0};
    if (::poll(&waiting, 1, kPollMilliseconds) <= 0) continue;
    if (clients_.size() >= kMostClients) {
      std::this_thread::sleep_for(std::chrono::milliseconds(kPollMilliseconds));
      continue;
    }
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd >= 0) serve(fd);
  }
}

void Server::serve(int fd) {
  auto& client = clients_.emplace_back();
  client.thread = std::thread([this, fd, &client] {
    try {
      Connection connection(fd);
      limit_patience(fd);
      if (connection.is_ours()) handler_(connection, [this] { return stopping_.load(); });
    } catch (const std::exception& error) {
      journal_.log(LogLevel::warning, "a request at the socket " + path_.string() + " failed: " + error.what(), {});
    }
    client.ended = true;
  });
}

}  // namespace fermata::local_socket
