#include "running_server.hpp"

#include <array>
#include <chrono>
#include <csignal>
#include <thread>

namespace fermata::http {

using namespace std::chrono_literals;

RunningServer::RunningServer(const std::function<void(Settings&)>& change) {
  std::signal(SIGPIPE, SIG_IGN);  // as the program does
  journal_.log = [this](LogLevel, std::string_view message, std::initializer_list<Field> fields) {
    const std::lock_guard lock(mutex_);
    log_ += message;
    for (const auto& field : fields) log_ += " " + std::string(field.name) + "=" + field.value;
    log_ += '\n';
  };
  journal_.count = [this](std::string_view counter, uint64_t increment) {
    const std::lock_guard lock(mutex_);
    counters_[std::string(counter)] += increment;
  };
  Settings settings;
  settings.port = 0;
  settings.timeouts = {400ms, 600ms, 400ms, 1};
  settings.access.anonymous_networks = {IpNetwork::parse("127.0.0.0/8")};
  settings.limits.workers = 8;
  change(settings);
  site_.emplace(settings, router_.table(), traffic_, journal_);
  server_.emplace(*site_);
  server_->listen();
}

RunningServer::~RunningServer() { server_->stop(); }

void RunningServer::on(const char* method, const char* path, Answer answer, const char* permission) {
  router_.add({method, path, permission}, handlers_.emplace_back(std::move(answer)));
}

void RunningServer::serve() {
  router_.close();
  server_->serve();
}

uint64_t RunningServer::counted(const std::string& counter) {
  const std::lock_guard lock(mutex_);
  return counters_[counter];
}

bool RunningServer::counts(const std::string& counter, uint64_t count) {
  for (int i = 0; i < 500 && counted(counter) != count; ++i) std::this_thread::sleep_for(10ms);
  return counted(counter) == count;
}

std::string RunningServer::log() {
  const std::lock_guard lock(mutex_);
  return log_;
}

void say(HttpResponse& response, std::string_view text) { response.write(std::as_bytes(std::span(text))); }

std::string body_of(HttpRequest& request) {
  std::string out;
  std::array<std::byte, 1000> buffer;
  while (const auto count = request.read(buffer))
    out.append(reinterpret_cast<const char*>(buffer.data()), static_cast<std::size_t>(count));
  return out;
}

}  // namespace fermata::http
