// /healthz, /readyz and /metrics.
#include <catch2/catch.hpp>

#include "fermata/testing/http_exchange.hpp"
#include "health_pages.hpp"
#include "metrics_page.hpp"

using namespace fermata;
using namespace fermata::http;
using fermata::testing::GivenRequest;
using fermata::testing::KeptResponse;

namespace {

using State = PluginStatus::State;

class GivenStatus final : public HostStatus {
 public:
  std::string_view version() override { return "1.2.3"; }
  uint64_t started_us() override { return 1'700'000'000'500'000; }
  std::unique_ptr<PluginStatusCursor> plugins() override { return std::make_unique<Cursor>(list); }
  std::unique_ptr<CounterStatusCursor> counters() override { return std::make_unique<Counters>(); }

  std::unique_ptr<GaugeStatusCursor> gauges() override { return std::make_unique<Gauges>(); }
  std::unique_ptr<ConditionCursor> conditions() override { return std::make_unique<Conditions>(condition); }

  const char* condition = nullptr;  ///< the name of the only one
  std::vector<PluginStatus> list{{"http", "http", "0.1.0", State::serving, true, ""}};

 private:
  class Cursor final : public PluginStatusCursor {
   public:
    explicit Cursor(const std::vector<PluginStatus>& list) : list_(list) {}
    bool next(PluginStatus& status) override {
      if (at_ == list_.size()) return false;
      status = list_[at_++];
      return true;
    }

   private:
    const std::vector<PluginStatus>& list_;
    std::size_t at_ = 0;
  };
  class Gauges final : public GaugeStatusCursor {
   public:
    bool next(GaugeStatus& gauge) override {
      constexpr GaugeStatus kAll[] = {
          {"jobs", "jobs_waiting", 3}, {"archive", "load", 0.25}, {"archive", "bytes", 5e15}};
      if (at_ == std::size(kAll)) return false;
      gauge = kAll[at_++];
      return true;
    }
    std::size_t at_ = 0;
  };
  class Conditions final : public ConditionCursor {
   public:
    explicit Conditions(const char* name) : name_(name) {}
    bool next(Condition& condition) override {
      if (name_ == nullptr) return false;
      condition = {"admin", std::exchange(name_, nullptr), ConditionLevel::failing, "text", "remedy", 0};
      return true;
    }
    const char* name_;
  };
  class Counters final : public CounterStatusCursor {
   public:
    bool next(CounterStatus& counter) override {
      constexpr CounterStatus kAll[] = {
          {"dimse", "associations_total", 7}, {"http", "a-b.c", 1}, {"a\"b", "associations_total", 2}};
      if (at_ == std::size(kAll)) return false;
      counter = kAll[at_++];
      return true;
    }
    std::size_t at_ = 0;
  };
};

KeptResponse answer(HttpHandler& handler, std::set<std::string, std::less<>> forbidden = {}) {
  GivenRequest request;
  request.forbidden = std::move(forbidden);
  KeptResponse response;
  handler.handle(request, response);
  return response;
}

}  // namespace

TEST_CASE("the program is alive when it answers") {
  AlivePage page;
  const auto response = answer(page);
  CHECK(response.code == 200);
  CHECK(response.body == "ok\n");
}

TEST_CASE("the program is ready when every plugin serves") {
  GivenStatus status;
  ReadyPage page(status);
  const auto ready = answer(page);
  CHECK(ready.code == 200);
  CHECK(ready.body == "{\"status\":\"ready\"}\n");
  status.list.push_back({"dimse", "dimse", "0.1.0", State::starting, true, ""});
  const auto starting = answer(page);
  CHECK(starting.code == 503);
  CHECK(starting.body == "{\"status\":\"starting\",\"starting\":[\"dimse\"]}\n");
  status.list = {{"http", "http", "0.1.0", State::stopping, true, ""}};
  const auto stopping = answer(page);
  CHECK(stopping.code == 503);
  CHECK(stopping.body == "{\"status\":\"stopping\"}\n");
}

TEST_CASE("the program is ready without plugins that are not required, and says so") {
  GivenStatus status;
  ReadyPage page(status);
  status.list.push_back({"mine", "dimse", "", State::left_out, false, "no \"/opt/x.so\""});
  const auto degraded = answer(page);
  CHECK(degraded.code == 200);
  CHECK(degraded.body == R"({"status":"degraded","left_out":["mine"],"reasons":{"mine":"no \"/opt/x.so\""}})"
                         "\n");
  const auto to_stranger = answer(page, {"system.read"});
  CHECK(to_stranger.code == 200);
  CHECK(to_stranger.body == "{\"status\":\"degraded\",\"left_out\":[\"mine\"]}\n");
  status.list.push_back({"dimse", "dimse", "0.1.0", State::starting, false, ""});
  CHECK(answer(page).code == 503);
  status.list.front().state = State::stopping;
  CHECK(answer(page).code == 503);
}

TEST_CASE("the program is not ready without a plugin that is required") {
  GivenStatus status;
  ReadyPage page(status);
  status.list.push_back({"mine", "mine", "", State::left_out, false, "a"});
  status.list.push_back({"dimse", "dimse", "0.1.0", State::left_out, true, "b"});
  const auto response = answer(page, {"system.read"});
  CHECK(response.code == 503);
  CHECK(response.body == "{\"status\":\"incomplete\",\"missing\":[\"dimse\"],\"left_out\":[\"mine\"]}\n");
}

TEST_CASE("what fails makes the program degraded, and only those who may see the system are told why") {
  GivenStatus status;
  status.condition = "disk";
  ReadyPage page(status);
  const auto stranger = answer(page, {"system.read"});
  CHECK(stranger.code == 200);
  CHECK(stranger.body == "{\"status\":\"degraded\",\"failing\":[\"disk\"]}\n");
  CHECK(answer(page).body == "{\"status\":\"degraded\",\"failing\":[\"disk\"],\"reasons\":{\"disk\":\"text\"}}\n");
}

TEST_CASE("metrics hold the process, the plugins, the requests, and all counters, gauges and conditions") {
  GivenStatus status;
  status.condition = "disk";
  Traffic traffic;
  traffic.opened();
  for (const auto milliseconds : {2, 20, 200'000'000}) {
    traffic.begins();
    traffic.ends("GET", 200, std::chrono::milliseconds(milliseconds), 10);
  }
  traffic.begins();
  traffic.ends("BREW", 404, std::chrono::milliseconds(0), 0);
  MetricsPage page(status, traffic);
  const auto response = answer(page);
  CHECK(response.headers.at("content-type") == "text/plain; version=0.0.4; charset=utf-8");
  const auto has = [&](const std::string& line) { return response.body.find("\n" + line + "\n") != std::string::npos; };
  CHECK(has("fermata_build_info{version=\"1.2.3\"} 1"));
  CHECK(has("process_start_time_seconds 1700000000.500000"));
  CHECK(has("fermata_plugin_serving{plugin=\"http\",version=\"0.1.0\"} 1"));
  CHECK(has("fermata_http_requests_total{method=\"GET\",status=\"2xx\"} 3"));
  CHECK(has("fermata_http_requests_total{method=\"other\",status=\"4xx\"} 1"));
  CHECK(has("fermata_http_request_duration_seconds_bucket{method=\"GET\",le=\"0.001\"} 0"));
  CHECK(has("fermata_http_request_duration_seconds_bucket{method=\"GET\",le=\"0.005\"} 1"));
  CHECK(has("fermata_http_request_duration_seconds_bucket{method=\"GET\",le=\"0.05\"} 2"));
  CHECK(has("fermata_http_request_duration_seconds_bucket{method=\"GET\",le=\"+Inf\"} 3"));
  CHECK(has("fermata_http_request_duration_seconds_count{method=\"GET\"} 3"));
  CHECK(has("fermata_http_sent_bytes_total 30"));
  CHECK(has("fermata_http_connections 1"));
  CHECK(has("fermata_http_requests_in_progress 0"));
  CHECK(
      has("# TYPE fermata_associations_total counter\nfermata_associations_total{plugin=\"dimse\"} 7\n"
          "fermata_associations_total{plugin=\"a\\\"b\"} 2"));
  CHECK(has("fermata_a_b_c{plugin=\"http\"} 1"));
  CHECK(has("# TYPE fermata_jobs_waiting gauge\nfermata_jobs_waiting{plugin=\"jobs\"} 3"));
  CHECK(has("fermata_load{plugin=\"archive\"} 0.25"));
  CHECK(has("fermata_bytes{plugin=\"archive\"} 5e+15"));
  CHECK(has("fermata_condition{plugin=\"admin\",condition=\"disk\"} 2"));
  const auto value = [&](const std::string& name) {
    return std::stod(response.body.substr(response.body.find("\n" + name + " ") + name.size() + 2));
  };
  CHECK(value("process_resident_memory_bytes") > 1e6);
  CHECK(value("process_open_fds") >= 3);
}
