#include "hand_over.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <list>
#include <memory>
#include <optional>

#include "fermata/error.hpp"

namespace fermata::imports {
namespace json = boost::json;
namespace fs = std::filesystem;
namespace {

constexpr const char* kName = "hand-over";
constexpr int64_t kVersion = 1;
constexpr int kWaiting = 8;
constexpr int kPatience = 300;  // milliseconds between two looks
constexpr std::size_t kLongestLine = 64 * 1024;

constexpr const char* kStates[] = {"waiting", "running", "done", "failed", "cancelled"};

/// Ends with its scope.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  const int number_;
};

/// An address in the folder, however long the folder's path is: by way of the open folder.
sockaddr_un address_in(const Descriptor& folder) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const auto path = "/proc/self/fd/" + std::to_string(folder.number()) + "/" + kName;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

/// Null if nobody listens there.
std::unique_ptr<Descriptor> connected(const fs::path& folder) {
  const Descriptor open(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  auto connection = std::make_unique<Descriptor>(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto address = address_in(open);
  if (open.number() < 0 ||
      ::connect(connection->number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return nullptr;
  return connection;
}

bool send_line(int connection, const json::object& object) {
  const auto line = json::serialize(object) + '\n';
  for (std::string_view rest = line; !rest.empty();) {
    const auto count = ::send(connection, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    rest.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

/// Lines as they come; nothing at the end.
class Lines {
 public:
  explicit Lines(int connection) : connection_(connection) {}
  std::optional<std::string> next(const std::atomic<bool>* stop) {
    for (;;) {
      if (const auto end = held_.find('\n'); end != std::string::npos) {
        auto line = held_.substr(0, end);
        held_.erase(0, end + 1);
        return line;
      }
      if (held_.size() > kLongestLine || (stop != nullptr && *stop)) return {};
      pollfd waiting{connection_, POLLIN, 0};
      if (::poll(&waiting, 1, kPatience) <= 0) continue;
      char piece[4096];
      const auto count = ::recv(connection_, piece, sizeof piece, 0);
      if (count <= 0) return {};
      held_.append(piece, static_cast<std::size_t>(count));
    }
  }

 private:
  const int connection_;
  std::string held_;
};

bool is_ours(int connection) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
         (peer.uid == 0 || peer.uid == ::geteuid());
}

json::object news_of(const Job& job) {
  return {{"job", job.id},
          {"state", kStates[static_cast<uint32_t>(job.state)]},
          {"message", job.message},
          {"done", job.done},
          {"total", job.total}};
}

/// Somebody who does not read does not hold up the end of the program.
void limit_patience(int connection) {
  const timeval patience{2, 0};
  ::setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

bool has_ended(std::string_view state) { return state == "done" || state == "failed" || state == "cancelled"; }

}  // namespace

HandOverServer::HandOverServer(fs::path folder, JobQueue& queue, Add add, Journal journal)
    : folder_(std::move(folder)), queue_(queue), add_(std::move(add)), journal_(std::move(journal)) {}

HandOverServer::~HandOverServer() { stop(); }

void HandOverServer::serve() {
  const Descriptor folder(::open(folder_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = address_in(folder);
  ::unlinkat(folder.number(), kName, 0);
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::fchmodat(folder.number(), kName, 0600, 0) != 0 || ::listen(listener_, kWaiting) != 0)
    throw Error(Code::io,
                "the verb \"import\" can't be listened to in " + folder_.native() + ": " + std::strerror(errno));
  thread_ = std::thread([this] { listen(); });
}

void HandOverServer::stop() noexcept {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
  if (listener_ < 0) return;
  ::close(listener_);
  listener_ = -1;
  std::error_code ignored;
  fs::remove(folder_ / kName, ignored);
}

void HandOverServer::listen() {
  struct Connection {
    std::atomic<bool> ended{false};
    std::thread thread;
  };
  std::list<Connection> connections;
  while (!stopping_) {
    pollfd waiting{listener_, POLLIN, 0};
    if (::poll(&waiting, 1, kPatience) <= 0) continue;
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    auto& added = connections.emplace_back();
    added.thread = std::thread([this, connection, &added] {
      const Descriptor open(connection);
      limit_patience(connection);
      answer(connection);
      added.ended = true;
    });
    connections.remove_if([](Connection& one) {
      if (!one.ended) return false;
      one.thread.join();
      return true;
    });
  }
  for (auto& one : connections) one.thread.join();
}

void HandOverServer::answer(int connection) {
  if (!is_ours(connection)) return;
  try {
    const auto line = Lines(connection).next(&stopping_);
    if (!line) return;
    const auto body = json::parse(*line).as_object();
    if (body.at("version").to_number<int64_t>() != kVersion)
      throw Error(Code::unsupported, "the archive that is being served is of another version than this program");
    follow(connection, add_(ImportRequest::from_json(body.at("request"))));
  } catch (const Error& error) {
    send_line(connection, {{"error", error.what()}, {"code", static_cast<int32_t>(error.code())}});
  } catch (const std::exception& error) {
    journal_.log(LogLevel::warning, std::string("the verb import could not be answered: ") + error.what(), {});
  }
}

/// The job goes on when nobody listens any more.
void HandOverServer::follow(int connection, uint64_t job) {
  for (;;) {
    const auto cursor = queue_.list();
    Job found;
    while (cursor->next(found) && found.id != job) found.id = 0;
    if (found.id != job) return;
    const auto news = news_of(found);
    if (!send_line(connection, news) || has_ended(news.at("state").as_string())) return;
    pollfd gone{connection, POLLRDHUP, 0};
    if (stopping_ || ::poll(&gone, 1, kPatience) > 0) return;
  }
}

bool is_being_served(const fs::path& folder) { return connected(folder) != nullptr; }

JobNews hand_over(const fs::path& folder, const ImportRequest& request,
                  const std::function<void(const JobNews&)>& tell) {
  const auto connection = connected(folder);
  if (!connection) throw Error(Code::unavailable, "the archive is not being served any more: try again");
  send_line(connection->number(), {{"version", kVersion}, {"request", request.to_json()}});
  Lines lines(connection->number());
  JobNews news;
  while (const auto line = lines.next(nullptr)) {
    const auto object = json::parse(*line).as_object();
    if (const auto* error = object.if_contains("error"))
      throw Error(static_cast<Code>(object.at("code").to_number<int32_t>()), std::string(error->as_string()));
    news = {object.at("job").to_number<uint64_t>(), json::value_to<std::string>(object.at("state")),
            json::value_to<std::string>(object.at("message")), object.at("done").to_number<uint64_t>(),
            object.at("total").to_number<uint64_t>()};
    tell(news);
    if (has_ended(news.state)) return news;
  }
  throw Error(Code::unavailable, news.job == 0 ? "the archive that is being served gives no answer"
                                               : "the archive has ended; the import goes on when it is served again");
}

}  // namespace fermata::imports
