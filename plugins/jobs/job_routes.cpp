#include "job_routes.hpp"

#include <boost/json.hpp>
#include <charconv>
#include <cmath>

#include "fermata/error.hpp"
#include "fermata/timestamp.hpp"
#include "job_document.hpp"

namespace fermata::jobs {
namespace {

namespace json = boost::json;

constexpr std::string_view kRead = "jobs.read";
constexpr std::string_view kManage = "jobs.manage";

constexpr std::string_view kListOperation = R"({"summary":"Jobs, latest first","tags":["jobs"],
"responses":{"200":{"description":"All jobs that are waiting, running, or have ended not long ago","content":
{"application/json":{"schema":{"type":"object","properties":{"items":{"type":"array","items":{"type":"object","properties":
{"id":{"type":"integer"},"kind":{"type":"string"},"title":{"type":"string"},"user":{"type":"string"},
"state":{"enum":["waiting","running","done","failed","cancelled"]},"message":{"type":"string"},"done":{"type":"integer"},
"total":{"type":"integer","description":"0: not known"},"rate":{"type":["number","null"],"description":"items per second"},
"attempts":{"type":"integer"},"created":{"type":"string","format":"date-time"},
"changed":{"type":"string","format":"date-time"},"next_attempt":{"type":["string","null"],"format":"date-time"}}}}}}}}}}})";

std::string operation(std::string_view summary, std::string_view done) {
  return json::serialize(json::object{
      {"summary", summary},
      {"tags", json::array{"jobs"}},
      {"parameters",
       json::array{json::object{
           {"name", "id"}, {"in", "path"}, {"required", true}, {"schema", json::object{{"type", "integer"}}}}}},
      {"responses", json::object{{done == "204" ? "204" : "200", json::object{{"description", "Done"}}},
                                 {"404", json::object{{"description", "There is no such job"}}},
                                 {"409", json::object{{"description", "Not in the state that it is in"}}}}}});
}

json::value time_text(int64_t us) { return us == 0 ? json::value(nullptr) : json::value(rfc3339(us)); }

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
          {"created", time_text(job.created_us)},
          {"changed", time_text(job.changed_us)},
          {"next_attempt", time_text(job.next_attempt_us)}};
}

void answer_with(HttpResponse& response, const json::value& body) {
  const auto text = json::serialize(body);
  response.header("Content-Type", "application/json");
  response.header("Cache-Control", "no-store");
  response.write(std::as_bytes(std::span(text)));
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
  const auto add = [&](std::string_view method, std::string_view path, std::string_view permission,
                       std::string_view description, Answer answer) {
    router.add({method, path, permission, description}, handlers_.emplace_back(std::move(answer)));
  };
  add("GET", "/api/jobs", kRead, kListOperation, [this](HttpRequest&, HttpResponse& response) { list(response); });
  add("POST", "/api/jobs/{id}/cancel", kRead,
      operation("Cancel a job: one's own, or with jobs.manage that of anybody", "200"),
      [this](HttpRequest& request, HttpResponse& response) { cancel(request, response); });
  add("POST", "/api/jobs/{id}/retry", kRead,
      operation("Try a job again from where it had come to: one's own, or with jobs.manage that of anybody", "200"),
      [this](HttpRequest& request, HttpResponse& response) { retry(request, response); });
  add("DELETE", "/api/jobs/{id}", kRead,
      operation("Take a job that has ended off the list: one's own, or with jobs.manage that of anybody", "204"),
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
  answer_with(response, json::object{{"items", std::move(items)}});
}

void JobRoutes::cancel(HttpRequest& request, HttpResponse& response) {
  const auto id = own_id_of(request, "to cancel it");
  queue_.cancel(id);
  answer_with(response, item(queue_.view(id)));
}

void JobRoutes::retry(HttpRequest& request, HttpResponse& response) {
  const auto id = own_id_of(request, "to try it again");
  queue_.retry(id);
  answer_with(response, item(queue_.view(id)));
}

void JobRoutes::forget(HttpRequest& request, HttpResponse& response) {
  queue_.forget(own_id_of(request, "to take it off the list"));
  response.status(204);
}

}  // namespace fermata::jobs
