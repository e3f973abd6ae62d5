#include "server.hpp"

#include <exception>

#include <netinet/in.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>

#include "connection.hpp"
#include "fermata/error.hpp"
#include "tls/context.hpp"
#include "worker_pool.hpp"

namespace fermata::http {
namespace {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;

constexpr std::chrono::milliseconds kPause{100};  // when the process has no descriptor left
constexpr std::size_t kUrgentWorkers = 2;
constexpr std::size_t kUrgentQueue = 16;
constexpr std::size_t kReady = 2;                  // so that the first requests find a thread
constexpr std::chrono::milliseconds kToEnd{1000};  // for handlers to notice that their client was cut off

Tcp::endpoint endpoint_of(asio::io_context& io, const Settings& settings) {
  boost::system::error_code error;
  Tcp::resolver resolver(io);
  const auto found = resolver.resolve(settings.bind, std::to_string(settings.port),
                                      Tcp::resolver::passive | Tcp::resolver::numeric_service, error);
  if (error || found.empty())
    throw Error(Code::invalid,
                "`bind` is " + settings.bind + ", which is no address of this machine: " + error.message());
  return found.begin()->endpoint();
}

std::string text_of(const asio::ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
  return address.to_string();
}

}  // namespace

class Server::Core {
 public:
  explicit Core(const Site& site)
      : site_(site),
        workers_{{site.settings().limits.workers, site.settings().limits.queue}, {kUrgentWorkers, kUrgentQueue}},
        acceptor_(io_),
        pause_(io_) {}

  void listen();
  uint16_t port() const { return port_; }
  tls::Context* tls() { return tls_ ? &*tls_ : nullptr; }
  void serve();
  void drain(std::chrono::milliseconds limit);
  void stop() noexcept;

 private:
  void accept();
  void welcome(Tcp::socket socket);
  void ended(Connection& connection);
  void each(void (Connection::*what)());
  bool wait_until_empty(std::chrono::steady_clock::time_point end);

  const Site& site_;
  asio::io_context io_;
  Workers workers_;
  std::optional<tls::Context> tls_;
  Tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  uint16_t port_ = 0;
  std::thread thread_;

  // On the thread of io_.
  std::unordered_map<Connection*, std::shared_ptr<Connection>> connections_;
  std::map<std::string, std::size_t> per_address_;
  bool told_of_failure_ = false;

  std::mutex mutex_;
  std::condition_variable fewer_;
  std::size_t open_ = 0;  ///< under mutex_
};

void Server::Core::listen() {
  const auto& settings = site_.settings();
  if (settings.tls) tls_.emplace(tls::Channel::Side::server, *settings.tls, site_.journal());
  const auto endpoint = endpoint_of(io_, settings);
  boost::system::error_code error;
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(Tcp::acceptor::reuse_address(true), error);
  if (!error && endpoint.address().is_v6()) acceptor_.set_option(asio::ip::v6_only(false), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (!error) acceptor_.non_blocking(true, error);
  if (error)
    throw Error(Code::unavailable, "can't listen on " + settings.bind + " port " + std::to_string(settings.port) +
                                       ": " + error.message() + ". Choose another `bind` or `port` for http");
  port_ = acceptor_.local_endpoint().port();
}

void Server::Core::serve() {
  workers_.usual.make_ready(kReady);
  asio::post(io_, [this] { accept(); });
  thread_ = std::thread([this, guard = asio::make_work_guard(io_)] { io_.run(); });
}

void Server::Core::accept() {
  acceptor_.async_accept([this](const boost::system::error_code& error, Tcp::socket socket) {
    if (error == asio::error::operation_aborted || !acceptor_.is_open()) return;
    if (!error || error == asio::error::connection_aborted) {
      told_of_failure_ = told_of_failure_ && error;
      if (!error) welcome(std::move(socket));
      accept();
      return;
    }
    if (!std::exchange(told_of_failure_, true))
      site_.journal().log(LogLevel::error, "connections can't be accepted: " + error.message(), {});
    pause_.expires_after(kPause);
    pause_.async_wait([this](const boost::system::error_code& cancelled) {
      if (!cancelled) accept();
    });
  });
}

void Server::Core::welcome(Tcp::socket socket) {
  boost::system::error_code error;
  const auto remote = socket.remote_endpoint(error);
  if (error) return;
  socket.non_blocking(true, error);
  socket.set_option(Tcp::no_delay(true), error);
  const auto& limits = site_.settings().limits;
  Peer peer{text_of(remote.address()), tls_.has_value()};
  const bool full = connections_.size() >= limits.connections;
  const auto address = IpAddress::parse(peer.address);
  const bool is_proxy = address && site_.settings().proxies.trusts(*address);  // for many clients
  const bool many = ++per_address_[peer.address] > limits.connections_per_address && !is_proxy;
  std::unique_ptr<Transport> transport;
  if (tls_)
    transport = tls_->open(socket.native_handle());
  else
    transport = plain_transport(socket.native_handle());
  const auto connection = std::make_shared<Connection>(std::move(socket), std::move(transport), std::move(peer), site_,
                                                       workers_, [this](Connection& c) { ended(c); });
  connections_.emplace(connection.get(), connection);
  {
    const std::lock_guard lock(mutex_);
    ++open_;
  }
  site_.traffic().opened();
  if (full || many) {
    site_.journal().count("refused_connections_total", 1);
    site_.journal().count(full ? "limit_connections_total" : "limit_connections_per_address_total", 1);
    Fields fields;
    fields.set("Retry-After", "10");
    connection->refuse(full ? Problem(503, "This server has all the connections it can take; try again.", fields)
                            : Problem(429, "Too many connections from this address; use fewer.", fields));
    return;
  }
  connection->start();
}

void Server::Core::ended(Connection& connection) {
  if (const auto entry = per_address_.find(connection.peer().address); --entry->second == 0) per_address_.erase(entry);
  connections_.erase(&connection);
  site_.traffic().closed();
  const std::lock_guard lock(mutex_);
  --open_;
  fewer_.notify_all();
}

void Server::Core::each(void (Connection::*what)()) {
  asio::post(io_, [this, what] {
    const auto all = connections_;
    for (const auto& [key, connection] : all) ((*connection).*what)();
  });
}

bool Server::Core::wait_until_empty(std::chrono::steady_clock::time_point end) {
  std::unique_lock lock(mutex_);
  return fewer_.wait_until(lock, end, [this] { return open_ == 0; });
}

void Server::Core::drain(std::chrono::milliseconds limit) {
  if (!thread_.joinable()) return;
  const auto end = std::chrono::steady_clock::now() + limit;
  asio::post(io_, [this] {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
  });
  each(&Connection::drain);
  if (wait_until_empty(end - std::min(limit, kToEnd))) return;
  each(&Connection::abort);
  wait_until_empty(std::max(end, std::chrono::steady_clock::now() + kToEnd));
}

void Server::Core::stop() noexcept {
  try {
    if (thread_.joinable()) {
      drain(std::chrono::milliseconds(0));
      workers_.usual.stop();
      workers_.urgent.stop();
      asio::post(io_, [this] { io_.stop(); });
      thread_.join();
    }
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    connections_.clear();
  } catch (...) {
    std::terminate();  // its threads may still run: nothing that they use may go
  }
}

Server::Server(const Site& site) : core_(std::make_unique<Core>(site)) {}
Server::~Server() { stop(); }
void Server::listen() { core_->listen(); }
uint16_t Server::port() const { return core_->port(); }
tls::Context* Server::tls() { return core_->tls(); }
void Server::serve() { core_->serve(); }
void Server::drain(std::chrono::milliseconds limit) { core_->drain(limit); }
void Server::stop() noexcept { core_->stop(); }

}  // namespace fermata::http
