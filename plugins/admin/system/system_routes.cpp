#include "system/system_routes.hpp"

#include <charconv>
#include <chrono>
#include <set>
#include <string_view>

#include "fermata/authenticator.hpp"
#include "fermata/dicom/date_time.hpp"
#include "fermata/query_parameters.hpp"
#include "fermata/timestamp.hpp"
#include "json_body.hpp"
#include "system/openapi.hpp"

namespace fermata::admin {
namespace json = boost::json;
namespace {

constexpr std::string_view kGroup = "system";
constexpr std::chrono::hours kStatisticsShown{30 * 24};

const char* name_of(int32_t level) {
  switch (static_cast<LogLevel>(level)) {
    case LogLevel::trace:
      return "trace";
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warning:
      return "warning";
    case LogLevel::error:
      return "error";
  }
  return "info";
}

template <class Cursor, class Item>
uint64_t count(std::unique_ptr<Cursor> cursor, Item item) {
  uint64_t n = 0;
  while (cursor->next(item)) ++n;
  return n;
}

void count_jobs(JobQueue& jobs, json::object& state) {
  uint64_t running = 0;
  uint64_t failed = 0;
  const auto cursor = jobs.list();
  for (Job job; cursor->next(job);) {
    if (job.state == Job::State::running) ++running;
    if (job.state == Job::State::failed) ++failed;
  }
  state["jobs_running"] = running;
  state["jobs_failed"] = failed;
}

/// What an archive has only with the plugin for it, told by a route of that plugin.
struct Part {
  std::string_view name;
  std::string_view route;
};
constexpr Part kParts[] = {{"audit", "/api/audit"},
                           {"jobs", "/api/jobs"},
                           {"send", "/api/send"},
                           {"verification", "/api/verification"},
                           {"worklist", "/api/worklist"}};

json::array parts_of(HttpRouter& router, bool trash) {
  std::set<std::string_view> found;
  const auto routes = router.routes();
  for (HttpRoute route; routes->next(route);)
    for (const auto& part : kParts)
      if (route.path == part.route) found.insert(part.name);
  if (trash) found.insert("trash");
  return json::array(found.begin(), found.end());
}

}  // namespace

void SystemRoutes::add_to(api::Routes& routes) {
  routes.add("GET", "/api/state", kMayLogIn,
             {.summary = "Numbers that change when there is something new to show; cheap", .group = kGroup},
             [this](auto& request, auto& response) { state(request, response); });
  routes.add("GET", "/api/health", "system.read", {.summary = "Plugins, and what to look after", .group = kGroup},
             [this](auto&, auto& response) { answer_json(response, health_.object()); });
  routes.add("GET", "/api/storage", "system.read", {.summary = "Room, and what takes it", .group = kGroup},
             [this](auto&, auto& response) { answer_json(response, storage_.object()); });
  routes.add(
      "GET", "/api/statistics", "system.read",
      {.summary = "What came in, by day, sending node and modality",
       .group = kGroup,
       .parameters = {{"from", "first day, YYYY-MM-DD; otherwise 30 days ago"}, {"to", "last day; otherwise today"}}},
      [this](auto& request, auto& response) { statistics(request, response); });
  routes.add("GET", "/api/log", "system.read",
             {.summary = "The latest lines of the log",
              .group = kGroup,
              .parameters = {{"after", "only lines with a greater number"}}},
             [this](auto& request, auto& response) { log(request, response); });
  routes.add("GET", "/api/settings", "settings.read",
             {.summary = "The configuration as it is in force", .group = kGroup},
             [this](auto&, auto& response) { settings(response); });
  routes.add("GET", "/api/openapi.json", kMayLogIn,
             {.summary = "All routes of this server, as OpenAPI 3.1", .group = kGroup},
             [this](auto& request, auto& response) { openapi(request, response); });
}

void SystemRoutes::state(HttpRequest& request, HttpResponse& response) const {
  json::object state{{"version", utf8(services_.host.version())},
                     {"parts", parts_of(services_.router, services_.trash != nullptr)}};
  if (request.may("studies.read")) state["changes"] = keeper_.sequence();
  if (request.may("nodes.read")) state["knocking"] = count(services_.entities.refused(), RefusedCaller{});
  if (services_.jobs != nullptr && request.may("jobs.read")) count_jobs(*services_.jobs, state);
  if (services_.trash != nullptr && request.may("studies.delete"))
    state["trash"] = count(services_.trash->list(), DiscardedStudy{});
  if (request.may("system.read")) state["degraded"] = health_.degraded();
  answer_json(response, state);
}

void SystemRoutes::statistics(HttpRequest& request, HttpResponse& response) const {
  const QueryParameters parameters(request.query());
  const auto day = [&](std::string_view name, std::string otherwise) {
    std::string text(parameters.value(name));
    if (text.empty()) return otherwise;
    std::erase(text, '-');
    if (text.size() != 8 || !dicom::date_interval(text))
      throw Error(Code::invalid, std::string(name) + " has to be a day, YYYY-MM-DD");
    return text;
  };
  const auto now = std::chrono::microseconds(now_us());
  const auto first = day("from", day_of((now - kStatisticsShown).count()));
  const auto last = day("to", day_of(now.count()));
  json::array items;
  keeper_.arrivals().visit(first, last, [&](const ArrivalBook::Row& row) {
    items.push_back(json::object{{"date", utf8(row.day)},
                                 {"node", utf8(row.node)},
                                 {"modality", utf8(row.modality)},
                                 {"instances", row.amount.instances},
                                 {"bytes", row.amount.bytes}});
  });
  answer_items(response, std::move(items));
}

void SystemRoutes::log(HttpRequest& request, HttpResponse& response) const {
  const QueryParameters parameters(request.query());
  const auto text = parameters.value("after");
  uint64_t after = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), after);
  if (!text.empty() && (error != std::errc{} || end != text.data() + text.size()))
    throw Error(Code::invalid, "after has to be a number");
  json::array items;
  const auto lines = services_.host.log(after);
  for (LogLine line; lines->next(line);)
    items.push_back(json::object{{"number", line.number},
                                 {"level", name_of(line.level)},
                                 {"time", time_value(line.time_us)},
                                 {"instance", utf8(line.instance)},
                                 {"message", utf8(line.message)},
                                 {"fields", utf8(line.fields)}});
  answer_items(response, std::move(items));
}

void SystemRoutes::settings(HttpResponse& response) const {
  json::array items;
  const auto settings = services_.host.settings();
  for (Setting setting; settings->next(setting);)
    items.push_back(json::object{{"instance", utf8(setting.instance)},
                                 {"option", utf8(setting.option)},
                                 {"value", utf8(setting.value)},
                                 {"origin", utf8(setting.origin)},
                                 {"description", utf8(setting.description)},
                                 {"description_de", utf8(setting.description_de)}});
  answer_items(response, std::move(items));
}

void SystemRoutes::openapi(HttpRequest& request, HttpResponse& response) const {
  answer_json(response, openapi_document(services_.router, request.base_url(), services_.host.version()));
}

}  // namespace fermata::admin
