#include "backup_routes.hpp"

#include <cstdio>

#include "api/json_answer.hpp"
#include "backup_name.hpp"
#include "fermata/error.hpp"

namespace fermata::backup {
namespace {

namespace json = boost::json;

constexpr std::string_view kGroup = "backups";
constexpr std::string_view kListed =
    "destination (null: none is configured), at, every, trouble, last_good, report, failure, job (the number of the "
    "one that is being made, or null) and backups, latest first";

json::value text_or_null(const std::string& text) { return text.empty() ? json::value() : json::value(text); }

}  // namespace

void BackupRoutes::add_to(HttpRouter& router) {
  auto& routes = routes_.emplace(router);
  routes.add(
      "GET", "/api/backups", "system.read",
      {.summary = "The backups in the configured folder, and whether all is well", .group = kGroup, .done = kListed},
      [this](auto&, auto& response) { list(response); });
  routes.add("POST", "/api/backups", "jobs.manage",
             {.summary = "Make a backup in the configured folder",
              .group = kGroup,
              .status = "202",
              .done = "The number of the job that does it",
              .answer = api::kNumberOfJob,
              .refusals = {{"409", "One is being made already, or no folder is configured"}}},
             [this](auto& request, auto& response) { begin(request, response); });
}

void BackupRoutes::list(HttpResponse& response) {
  const auto& settings = watch_.settings();
  const auto history = watch_.history();
  const auto pending = pending_backup(queue_);
  json::array backups;
  const auto names = backups_in(settings.destination);
  for (auto name = names.rbegin(); name != names.rend(); ++name)
    backups.push_back(json::object{{"name", *name}, {"made", api::time_value(*moment_of(*name))}});
  json::value at;
  if (settings.schedule.at) {
    const auto minutes = settings.schedule.at->count();
    char text[8];
    std::snprintf(text, sizeof text, "%02d:%02d", static_cast<int>(minutes / 60 % 24), static_cast<int>(minutes % 60));
    at = text;
  }
  api::answer_json(response, json::object{{"destination", text_or_null(settings.destination.string())},
                                          {"at", at},
                                          {"every_seconds", settings.schedule.every.count() / 1000},
                                          {"trouble", text_or_null(watch_.trouble())},
                                          {"last_good", api::time_value(history.good)},
                                          {"report", text_or_null(history.report)},
                                          {"failure", text_or_null(history.failure)},
                                          {"job", pending == 0 ? json::value() : json::value(pending)},
                                          {"backups", std::move(backups)}});
}

void BackupRoutes::begin(HttpRequest& request, HttpResponse& response) {
  if (watch_.settings().destination.empty())
    throw Error(Code::conflict, "No folder for backups is configured: name one as `destination` of the plugin backup.");
  if (pending_backup(queue_) != 0) throw Error(Code::conflict, "A backup is being made already.");
  BackupRequest wanted;
  wanted.destination = std::filesystem::absolute(watch_.settings().destination).lexically_normal();
  const auto job = add_backup(queue_, wanted, request.user());
  api::answer_json(response, json::object{{"job", job}}, 202);
}

}  // namespace fermata::backup
