#include "job_routes.hpp"

#include <charconv>
#include <cmath>

#include "api/json_answer.hpp"
#include "fermata/error.hpp"
#include "job_document.hpp"

namespace fermata::jobs {
namespace {

namespace json = boost::json;

constexpr std::string_view kRead = "jobs.read";
constexpr std::string_view kManage = "jobs.manage";

constexpr std::string_view kGroup = "jobs";

constexpr std::string_view kJobs = R"({"type":"object","properties":{"items":{"type":"array","items":{"type":"object",
"properties":{"id":{"type":"integer"},"kind":{"type":"string"},"title":{"type":"string"},"user":{"type":"string"},
"state":{"enum":["waiting","running","done","failed","cancelled"]},"message":{"type":"string"},"done":{"type":"integer"},
"total":{"type":"integer","description":"0: not known"},"rate":{"type":["number","null"],"description":"items per second"},
"attempts":{"type":"integer"},"created":{"type":"string","format":"date-time"},
"changed":{"type":"string","format":"date-time"},"next_attempt":{"type":["string","null"],"format":"date-time"}}}}}})";

json::object item(const JobView& view) {
  const auto& job = view.job;
  json::value rate;
  if (view.rate) rate = std::round(*view.rate * 100) / 100;
  return {{"id", job.id},
          {"kind", job.kind},
          {"title", job.title},
          {"user", job.user},
          {"state", state_name(job.state)},
          {"message", job.message},
          {"done", job.done},
          {"total", job.total},
          {"rate", rate},
          {"attempts", job.attempts},
          {"created", api::time_value(job.created_us)},
          {"changed", api::time_value(job.changed_us)},
          {"next_attempt", api::time_value(job.next_attempt_us)}};
}

uint64_t id_of(HttpRequest& request) {
  const auto text = request.parameter("id");
  uint64_t id = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (failure != std::errc() || end != text.data() + text.size())
    throw Error(Code::not_found, "there is no such job: a job is named by its number");
  return id;
}

}  // namespace

void JobRoutes::add_to(HttpRouter& router) {
  auto& routes = routes_.emplace(router);
  const std::vector<api::Parameter> one{{"id", {}, true, "integer"}};
  const std::vector<api::Refusal> refusals{{"404", "There is no such job"}, {"409", "Not in the state that it is in"}};
  routes.add("GET", "/api/jobs", kRead,
             {.summary = "Jobs, latest first",
              .group = kGroup,
              .done = "All jobs that are waiting, running, or have ended not long ago",
              .answer = kJobs},
             [this](HttpRequest&, HttpResponse& response) { list(response); });
  routes.add("POST", "/api/jobs/{id}/cancel", kRead,
             {.summary = "Cancel a job: one's own, or with jobs.manage that of anybody",
              .group = kGroup,
              .parameters = one,
              .refusals = refusals},
             [this](HttpRequest& request, HttpResponse& response) { cancel(request, response); });
  routes.add("POST", "/api/jobs/{id}/retry", kRead,
             {.summary = "Try a job again from where it had come to: one's own, or with jobs.manage that of anybody",
              .group = kGroup,
              .parameters = one,
              .refusals = refusals},
             [this](HttpRequest& request, HttpResponse& response) { retry(request, response); });
  routes.add("DELETE", "/api/jobs/{id}", kRead,
             {.summary = "Take a job that has ended off the list: one's own, or with jobs.manage that of anybody",
              .group = kGroup,
              .parameters = one,
              .status = "204",
              .answer_type = {},
              .refusals = refusals},
             [this](HttpRequest& request, HttpResponse& response) { forget(request, response); });
}

uint64_t JobRoutes::own_id_of(HttpRequest& request, std::string_view what_for) {
  const auto id = id_of(request);
  const auto owner = queue_.view(id).job.user;
  const bool own = !owner.empty() && owner == request.user();
  if (!own && !request.may(kManage))
    throw Error(Code::refused, "job " + std::to_string(id) + " was added by somebody else: " + std::string(what_for) +
                                   " takes the permission jobs.manage");
  return id;
}

void JobRoutes::list(HttpResponse& response) {
  json::array items;
  for (const auto& view : queue_.views()) items.push_back(item(view));
  api::answer_json(response, json::object{{"items", std::move(items)}});
}

void JobRoutes::cancel(HttpRequest& request, HttpResponse& response) {
  const auto id = own_id_of(request, "to cancel it");
  queue_.cancel(id);
  api::answer_json(response, item(queue_.view(id)));
}

void JobRoutes::retry(HttpRequest& request, HttpResponse& response) {
  const auto id = own_id_of(request, "to try it again");
  queue_.retry(id);
  api::answer_json(response, item(queue_.view(id)));
}

void JobRoutes::forget(HttpRequest& request, HttpResponse& response) {
  queue_.forget(own_id_of(request, "to take it off the list"));
  response.status(204);
}

}  // namespace fermata::jobs
