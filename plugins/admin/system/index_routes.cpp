#include "system/index_routes.hpp"

#include "json_body.hpp"

namespace fermata::admin {
namespace json = boost::json;
namespace {

constexpr std::string_view kGroup = "system";
constexpr std::string_view kPath = "/api/index";
constexpr std::string_view kKind = "reindex";

bool is_pending(const Job& job) { return job.state == Job::State::waiting || job.state == Job::State::running; }

}  // namespace

void IndexRoutes::add_to(api::Routes& routes) {
  routes.add("GET", kPath, "system.read",
             {.summary = "Whether the index can be made anew while the archive runs, and the job that does it, or null",
              .group = kGroup},
             [this](auto&, auto& response) { state(response); });
  routes.add("POST", kPath, "jobs.manage",
             {.summary = "Make the index anew from the stored objects; the archive stays in use meanwhile",
              .group = kGroup,
              .status = "202",
              .answer = R"({"type":"object","properties":{"job":{"type":"integer"}}})"},
             [this](auto& request, auto& response) { renew(request, response); });
}

/// The number of the job that waits or runs; 0: there is none.
uint64_t IndexRoutes::pending() const {
  const auto jobs = jobs_->list();
  for (Job job; jobs->next(job);)
    if (job.kind == kKind && is_pending(job)) return job.id;
  return 0;
}

void IndexRoutes::state(HttpResponse& response) const {
  const auto job = possible() ? pending() : 0;
  answer_json(response, json::object{{"renewable", possible()}, {"job", job == 0 ? json::value() : json::value(job)}});
}

void IndexRoutes::renew(HttpRequest& request, HttpResponse& response) const {
  if (!possible())
    throw Error(Code::unsupported,
                "this archive can't make its index anew while it runs: stop it, and run fermata reindex");
  if (pending() != 0) throw Error(Code::conflict, "The index is being made anew already.");
  const auto job = jobs_->add({kKind, "Make the index anew", {}, request.user()});
  audit_.success(request, audit::kMaintained, "index", "made anew, job " + std::to_string(job));
  answer_json(response, json::object{{"job", job}}, 202);
}

}  // namespace fermata::admin
