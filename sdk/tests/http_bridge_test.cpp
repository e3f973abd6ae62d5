// HTTP requests, answers and the host's status, as they cross from library to library.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "fermata/c/plugin.h"
#include "fermata/host_status.hpp"
#include "fermata/http_router.hpp"
#include "fermata/testing/http_exchange.hpp"
#include "fermata/testing/threads_and_errors.hpp"
#include "fermata/testing/through_boundary.hpp"

using namespace fermata;
using namespace fermata::testing;

namespace {

std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

/// Keeps routes and handlers as a server does.
class FakeRouter final : public HttpRouter {
 public:
  struct Kept {
    std::string method, path, permission;
    HttpHandler* handler;
    std::string operation;
  };
  void add(const HttpRoute& route, HttpHandler& handler) override {
    if (route.path == "/taken") throw Error(Code::conflict, "the route is taken");
    kept.push_back({std::string(route.method), std::string(route.path), std::string(route.permission), &handler,
                    std::string(route.operation)});
  }
  std::unique_ptr<HttpRouteCursor> routes() override { return std::make_unique<Cursor>(*this); }
  std::vector<Kept> kept;

 private:
  class Cursor final : public HttpRouteCursor {
   public:
    explicit Cursor(FakeRouter& router) : router_(router) {}
    bool next(HttpRoute& route) override {
      if (at_ == router_.kept.size()) return false;
      const auto& k = router_.kept[at_++];
      route = {k.method, k.path, k.permission, k.operation};
      return true;
    }

   private:
    FakeRouter& router_;
    std::size_t at_ = 0;
  };
};

/// Says all that a request tells it, then sends its body back.
class Teller final : public HttpHandler {
 public:
  void handle(HttpRequest& request, HttpResponse& response) override {
    response.status(201);
    response.header("X-Told", std::string(request.parameter("study")) + "|" + std::string(request.header("Accept")));
    for (const auto part : {request.method(), request.path(), request.query(), request.base_url(),
                            request.peer_address(), request.user(), request.id()})
      told.emplace_back(part);
    std::byte buffer[4];
    while (const auto count = request.read(buffer)) response.write(std::span(buffer).first(count));
    response.flush();
    for (const bool yes : {request.may("studies.read"), request.may("studies.delete"), request.sees_all_studies(),
                           request.sees_study("1.2"), request.sees_study("1.3"), request.secure()})
      allowed += yes ? '+' : '-';
  }
  std::string allowed;
  std::vector<std::string> told;
};

class Failing final : public HttpHandler {
 public:
  void handle(HttpRequest&, HttpResponse& response) override {
    response.write(bytes("1"));
    response.write(bytes("2"));
  }
};

class Refusing final : public HttpHandler {
 public:
  void handle(HttpRequest&, HttpResponse&) override { throw Error(Code::refused, "not this one"); }
};

class FakeStatus final : public HostStatus {
 public:
  std::string_view version() override { return "9.8.7"; }
  uint64_t started_us() override { return uint64_t{1} << 50; }
  std::unique_ptr<PluginStatusCursor> plugins() override { return std::make_unique<Plugins>(); }
  std::unique_ptr<CounterStatusCursor> counters() override { return std::make_unique<Counters>(); }
  std::unique_ptr<LogCursor> log(uint64_t after) override { return std::make_unique<Lines>(after); }
  std::unique_ptr<SettingCursor> settings() override { return std::make_unique<Settings>(); }
  std::unique_ptr<GaugeStatusCursor> gauges() override { return std::make_unique<Gauges>(); }
  std::unique_ptr<ConditionCursor> conditions() override { return std::make_unique<Conditions>(); }

 private:
  class Gauges final : public GaugeStatusCursor {
   public:
    bool next(GaugeStatus& gauge) override {
      gauge = {"archive", "archive_bytes", 2.5e15};
      return !std::exchange(done_, true);
    }
    bool done_ = false;
  };
  class Conditions final : public ConditionCursor {
   public:
    bool next(Condition& condition) override {
      if (done_) throw Error(Code::unavailable, "no more");
      done_ = true;
      condition = {"admin", "disk", ConditionLevel::failing, "Es ist voll: ä", "Make room", int64_t{1} << 50};
      return true;
    }
    bool done_ = false;
  };
  class Plugins final : public PluginStatusCursor {
   public:
    bool next(PluginStatus& status) override {
      if (at_ == 2) return false;
      if (at_++ == 0)
        status = {"web", "http", "0.1.0", PluginStatus::State::serving, true, ""};
      else
        status = {"odd", "odder", "", PluginStatus::State::left_out, false, "could not be loaded: ä"};
      return true;
    }
    int at_ = 0;
  };
  class Lines final : public LogCursor {
   public:
    explicit Lines(uint64_t after) : number_(after) {}
    bool next(LogLine& line) override {
      if (number_ == UINT64_MAX) return false;
      line = {++number_, FERMATA_LOG_WARNING, int64_t{1} << 50, "dimse", "Grüße", "port=104 bind=127.0.0.1"};
      return true;
    }
    uint64_t number_;
  };
  class Settings final : public SettingCursor {
   public:
    bool next(Setting& setting) override {
      if (done_) throw Error(Code::unavailable, "no more");
      done_ = true;
      setting = {"dimse",     "nodes[0].host", "\"192.0.2.1\"", "fermata.yaml:12, from FERMATA_AET",
                 "Its host.", "Sein Name."};
      return true;
    }
    bool done_ = false;
  };
  class Counters final : public CounterStatusCursor {
   public:
    bool next(CounterStatus& counter) override {
      if (done_) throw Error(Code::unavailable, "no more");
      done_ = true;
      counter = {"web", "things_total", UINT64_MAX};
      return true;
    }
    bool done_ = false;
  };
};

}  // namespace

TEST_CASE("a route crosses with its handler, which stays reachable") {
  FakeRouter router;
  Teller teller;
  const auto remote = through_boundary<HttpRouter>(router);
  remote->add({"GET", "/studies/{study}", "studies.read", "{\"summary\":\"a study\"}"}, teller);
  remote->add({"POST", "/public", ""}, teller);
  REQUIRE(router.kept.size() == 2);
  CHECK(router.kept[0].method == "GET");
  CHECK(router.kept[0].path == "/studies/{study}");
  CHECK(router.kept[0].permission == "studies.read");
  CHECK(router.kept[1].permission.empty());
  const auto routes = remote->routes();
  HttpRoute route;
  REQUIRE(routes->next(route));
  CHECK(route.path == "/studies/{study}");
  CHECK(route.operation == "{\"summary\":\"a study\"}");
  REQUIRE(routes->next(route));
  CHECK(route.operation.empty());
  CHECK_FALSE(routes->next(route));

  GivenRequest request;
  request.method_given = "POST";
  request.path_given = "/studies/1.2%2F3";
  request.query_given = "a=b&c";
  request.parameters["study"] = "1.2/3";
  request.headers["accept"] = "application/dicom+json, */*";
  request.user_given = "jane";
  request.body = "something with nine words";
  request.forbidden = {"studies.delete"};
  request.visible_studies = {"1.2"};
  KeptResponse response;
  router.kept[0].handler->handle(request, response);
  CHECK(teller.told == std::vector<std::string>{"POST", "/studies/1.2%2F3", "a=b&c", "http://archive.example",
                                                "127.0.0.1", "jane", "1"});
  CHECK(teller.allowed == "+--+-+");
  CHECK(response.code == 201);
  CHECK(response.headers["x-told"] == "1.2/3|application/dicom+json, */*");
  CHECK(response.body == request.body);
}

TEST_CASE("errors of a router, a handler and a response cross with their code") {
  FakeRouter router;
  Failing failing;
  Refusing refusing;
  const auto remote = through_boundary<HttpRouter>(router);
  CHECK(code_of([&] { remote->add({"GET", "/taken", ""}, failing); }) == Code::conflict);
  remote->add({"GET", "/a", ""}, failing);
  remote->add({"GET", "/b", ""}, refusing);
  GivenRequest request;
  KeptResponse gone;
  gone.give_up_after = 1;
  CHECK(code_of([&] { router.kept[0].handler->handle(request, gone); }) == Code::cancelled);
  KeptResponse response;
  CHECK(code_of([&] { router.kept[1].handler->handle(request, response); }) == Code::refused);
}

TEST_CASE("the host's status crosses with its plugins and counters") {
  FakeStatus status;
  const auto remote = through_boundary<HostStatus>(status);
  CHECK(remote->version() == "9.8.7");
  CHECK(remote->started_us() == uint64_t{1} << 50);

  const auto plugins = remote->plugins();
  PluginStatus plugin;
  REQUIRE(plugins->next(plugin));
  CHECK(plugin.instance == "web");
  CHECK(plugin.plugin == "http");
  CHECK(plugin.version == "0.1.0");
  CHECK(plugin.state == PluginStatus::State::serving);
  CHECK(plugin.required);
  CHECK(plugin.reason.empty());
  REQUIRE(plugins->next(plugin));
  CHECK(plugin.instance == "odd");
  CHECK(plugin.state == PluginStatus::State::left_out);
  CHECK_FALSE(plugin.required);
  CHECK(plugin.reason == "could not be loaded: ä");
  CHECK_FALSE(plugins->next(plugin));

  const auto counters = remote->counters();
  CounterStatus counter;
  REQUIRE(counters->next(counter));
  CHECK(counter.instance == "web");
  CHECK(counter.name == "things_total");
  CHECK(counter.value == UINT64_MAX);
  CHECK(code_of([&] { counters->next(counter); }) == Code::unavailable);
}

TEST_CASE("lines of the log, settings, gauges and conditions cross with all that is known of them") {
  FakeStatus status;
  const auto remote = through_boundary<HostStatus>(status);
  const auto lines = remote->log(UINT64_MAX - 1);
  LogLine line;
  REQUIRE(lines->next(line));
  CHECK(line.number == UINT64_MAX);
  CHECK(line.level == FERMATA_LOG_WARNING);
  CHECK(line.time_us == int64_t{1} << 50);
  CHECK(line.instance == "dimse");
  CHECK(line.message == "Grüße");
  CHECK(line.fields == "port=104 bind=127.0.0.1");
  CHECK_FALSE(lines->next(line));

  const auto settings = remote->settings();
  Setting setting;
  REQUIRE(settings->next(setting));
  CHECK(setting.instance == "dimse");
  CHECK(setting.option == "nodes[0].host");
  CHECK(setting.value == "\"192.0.2.1\"");
  CHECK(setting.origin == "fermata.yaml:12, from FERMATA_AET");
  CHECK(setting.description == "Its host.");
  CHECK(setting.description_de == "Sein Name.");

  const auto gauges = remote->gauges();
  GaugeStatus gauge;
  REQUIRE(gauges->next(gauge));
  CHECK(gauge.instance == "archive");
  CHECK(gauge.name == "archive_bytes");
  CHECK(gauge.value == 2.5e15);
  CHECK_FALSE(gauges->next(gauge));

  const auto conditions = remote->conditions();
  Condition condition;
  REQUIRE(conditions->next(condition));
  CHECK(condition.instance == "admin");
  CHECK(condition.name == "disk");
  CHECK(condition.level == ConditionLevel::failing);
  CHECK(condition.text == "Es ist voll: ä");
  CHECK(condition.remedy == "Make room");
  CHECK(condition.since_us == int64_t{1} << 50);
  CHECK(code_of([&] { conditions->next(condition); }) == Code::unavailable);
  CHECK(code_of([&] { settings->next(setting); }) == Code::unavailable);
}

TEST_CASE("a program that keeps no log and lists no settings says so") {
  class Older final : public HostStatus {
   public:
    std::string_view version() override { return "1"; }
    uint64_t started_us() override { return 0; }
    std::unique_ptr<PluginStatusCursor> plugins() override { return nullptr; }
    std::unique_ptr<CounterStatusCursor> counters() override { return nullptr; }
  } older;
  const auto remote = through_boundary<HostStatus>(older);
  CHECK(code_of([&] { remote->log(0); }) == Code::unsupported);
  CHECK(code_of([&] { remote->settings(); }) == Code::unsupported);
  CHECK(code_of([&] { remote->gauges(); }) == Code::unsupported);
  CHECK(code_of([&] { remote->conditions(); }) == Code::unsupported);
}
