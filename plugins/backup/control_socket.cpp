#include "control_socket.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <iostream>
#include <utility>

#include "open_file.hpp"

namespace fermata::backup {
namespace {

constexpr const char* kName = "control";
constexpr int kPollMilliseconds = 100;
constexpr std::size_t kMostClients = 8;
constexpr std::size_t kLongestLine = 8192;

/// By way of the open folder: its path may be longer than the address of a socket.
sockaddr_un address_in(const OpenFile& folder) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const auto path = "/proc/self/fd/" + std::to_string(folder.fd()) + "/" + kName;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  return address;
}

int new_socket() {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) throw system_error(errno, "make a socket");
  return fd;
}

bool readable(int fd) {
  pollfd waiting{fd, POLLIN, 0};
  return ::poll(&waiting, 1, kPollMilliseconds) > 0;
}

}  // namespace

ControlConnection::~ControlConnection() { ::close(fd_); }

std::unique_ptr<ControlConnection> ControlConnection::to(const std::filesystem::path& folder) {
  if (!std::filesystem::exists(folder / kName)) return nullptr;
  const auto opened = OpenFile::folder(folder);
  const auto address = address_in(opened);
  const int fd = new_socket();
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
    return std::make_unique<ControlConnection>(fd);
  const int number = errno;
  ::close(fd);
  if (number == ECONNREFUSED || number == ENOENT) return nullptr;  // left behind by a program that was killed
  throw system_error(number, "reach the running program at " + (folder / kName).string());
}

bool ControlConnection::receive(std::string& line, const std::function<bool()>& end) {
  for (;;) {
    if (const auto at = buffer_.find('\n'); at != std::string::npos) {
      line = buffer_.substr(0, at);
      buffer_.erase(0, at + 1);
      return true;
    }
    if (buffer_.size() > kLongestLine) return false;
    while (!readable(fd_))
      if (end()) return false;
    char piece[1024];
    const auto count = ::recv(fd_, piece, sizeof piece, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    buffer_.append(piece, static_cast<std::size_t>(count));
  }
}

bool ControlConnection::send(const std::string& line) {
  const auto text = line + '\n';
  return ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
}

int32_t ask(ControlConnection& connection, const std::string& request) {
  connection.send(request);
  const auto begins = [](const std::string& line, std::string_view start) {
    return line.compare(0, start.size(), start) == 0;
  };
  for (std::string line; connection.receive(line);) {
    if (begins(line, ControlConnection::kProgress))
      std::cerr << line.substr(ControlConnection::kProgress.size()) << '\n';
    if (begins(line, ControlConnection::kFailed))
      throw Error(Code::unavailable, line.substr(ControlConnection::kFailed.size()));
    if (begins(line, ControlConnection::kDone)) {
      std::cout << line.substr(ControlConnection::kDone.size()) << '\n';
      return 0;
    }
  }
  throw Error(Code::unavailable, "the archive was stopped; when it is started again, it goes on with this");
}

void ControlSocket::start() {
  std::filesystem::create_directories(folder_);
  ::chmod(folder_.c_str(), 0700);
  std::filesystem::remove(folder_ / kName);
  const auto folder = OpenFile::folder(folder_);
  const auto address = address_in(folder);
  listener_ = new_socket();
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::chmod((folder_ / kName).c_str(), 0600) != 0 || ::listen(listener_, 8) != 0) {
    const int number = errno;
    ::close(std::exchange(listener_, -1));
    throw system_error(number, "listen at " + (folder_ / kName).string());
  }
  thread_ = std::thread([this] { accept_clients(); });
}

void ControlSocket::stop() noexcept {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
  for (auto& client : clients_) client.thread.join();
  clients_.clear();
  if (listener_ < 0) return;
  ::close(std::exchange(listener_, -1));
  std::error_code ignored;
  std::filesystem::remove(folder_ / kName, ignored);
}

void ControlSocket::accept_clients() {
  while (!stopping_) {
    clients_.remove_if([](Client& client) {
      if (!client.ended) return false;
      client.thread.join();
      return true;
    });
    if (!readable(listener_) || clients_.size() >= kMostClients) continue;
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd >= 0) serve(fd);
  }
}

void ControlSocket::serve(int fd) {
  auto& client = clients_.emplace_back();
  client.thread = std::thread([this, fd, &client] {
    try {
      ControlConnection connection(fd);
      handler_(connection, [this] { return stopping_.load(); });
    } catch (const std::exception& error) {
      journal_.log(LogLevel::warning, std::string("a request at the control socket failed: ") + error.what(), {});
    }
    client.ended = true;
  });
}

}  // namespace fermata::backup
