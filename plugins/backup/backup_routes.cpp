#include "backup_routes.hpp"

#include <boost/json.hpp>
#include <cstdio>

#include "backup_name.hpp"
#include "fermata/json_answer.hpp"

namespace fermata::backup {
namespace {

namespace json = boost::json;

constexpr std::string_view kListOperation =
    R"({"summary":"The backups in the configured folder, and whether all is well","tags":["backups"],
"responses":{"200":{"description":"destination (null: none is configured), at, every, trouble, last_good, report, failure,
job (the number of the one that is being made, or null) and backups, latest first","content":{"application/json":{"schema":
{"type":"object"}}}}}})";
constexpr std::string_view kBeginOperation =
    R"({"summary":"Make a backup in the configured folder","tags":["backups"],
"responses":{"202":{"description":"The number of the job that does it","content":{"application/json":{"schema":
{"type":"object","properties":{"job":{"type":"integer"}}}}}},
"409":{"description":"One is being made already, or no folder is configured"}}})";

json::value text_or_null(const std::string& text) { return text.empty() ? json::value() : json::value(text); }

}  // namespace

void BackupRoutes::add_to(HttpRouter& router) {
  router.add({"GET", "/api/backups", "system.read", kListOperation}, *this);
  router.add({"POST", "/api/backups", "jobs.manage", kBeginOperation}, *this);
}

void BackupRoutes::handle(HttpRequest& request, HttpResponse& response) {
  request.method() == "GET" ? list(response) : begin(request, response);
}

void BackupRoutes::list(HttpResponse& response) {
  const auto& settings = watch_.settings();
  const auto history = watch_.history();
  const auto pending = pending_backup(queue_);
  json::array backups;
  const auto names = backups_in(settings.destination);
  for (auto name = names.rbegin(); name != names.rend(); ++name)
    backups.push_back(json::object{{"name", *name}, {"made", json::value_from(json_time(*moment_of(*name)))}});
  json::value at;
  if (settings.schedule.at) {
    const auto minutes = settings.schedule.at->count();
    char text[8];
    std::snprintf(text, sizeof text, "%02d:%02d", static_cast<int>(minutes / 60 % 24), static_cast<int>(minutes % 60));
    at = text;
  }
  answer_json(response, json::serialize(json::object{{"destination", text_or_null(settings.destination.string())},
                                                     {"at", at},
                                                     {"every_seconds", settings.schedule.every.count() / 1000},
                                                     {"trouble", text_or_null(watch_.trouble())},
                                                     {"last_good", json::value_from(json_time(history.good))},
                                                     {"report", text_or_null(history.report)},
                                                     {"failure", text_or_null(history.failure)},
                                                     {"job", pending == 0 ? json::value() : json::value(pending)},
                                                     {"backups", std::move(backups)}}));
}

void BackupRoutes::begin(HttpRequest& request, HttpResponse& response) {
  if (watch_.settings().destination.empty())
    throw Error(Code::conflict, "No folder for backups is configured: name one as `destination` of the plugin backup.");
  if (pending_backup(queue_) != 0) throw Error(Code::conflict, "A backup is being made already.");
  BackupRequest wanted;
  wanted.destination = std::filesystem::absolute(watch_.settings().destination).lexically_normal();
  const auto job = add_backup(queue_, wanted, request.user());
  response.status(202);
  answer_json(response, json::serialize(json::object{{"job", job}}));
}

}  // namespace fermata::backup
