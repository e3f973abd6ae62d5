#pragma once
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "fermata/journal.hpp"
#include "router.hpp"
#include "server.hpp"
#include "site.hpp"

namespace fermata::http {

/// A server on a free port of the loopback interface, with functions as handlers. Its time limits are short.
class RunningServer {
 public:
  using Answer = std::function<void(HttpRequest&, HttpResponse&)>;

  explicit RunningServer(const std::function<void(Settings&)>& change = [](Settings&) {});
  ~RunningServer();

  /// Before `serve`. `permission` empty: public.
  void on(const char* method, const char* path, Answer answer, const char* permission = "");
  void serve();
  Server& server() { return *server_; }
  uint16_t port() const { return server_->port(); }

  uint64_t counted(const std::string& counter);
  std::string log();
  /// Whether `counter` comes to `count` within five seconds.
  bool counts(const std::string& counter, uint64_t count);

 private:
  class Handler final : public HttpHandler {
   public:
    explicit Handler(Answer answer) : answer_(std::move(answer)) {}
    void handle(HttpRequest& request, HttpResponse& response) override { answer_(request, response); }

   private:
    Answer answer_;
  };

  std::mutex mutex_;
  std::string log_;
  std::map<std::string, uint64_t> counters_;
  Journal journal_;
  Traffic traffic_;
  Router router_;
  std::deque<Handler> handlers_;
  std::optional<Site> site_;
  std::optional<Server> server_;
};

void say(HttpResponse& response, std::string_view text);
std::string body_of(HttpRequest& request);

}  // namespace fermata::http
