#include "verification_routes.hpp"

#include "api/json_answer.hpp"
#include "fermata/json_answer.hpp"

namespace fermata::backup {
namespace {

namespace json = boost::json;

constexpr std::size_t kLongestBody = 4096;

constexpr std::string_view kGroup = "backups";
constexpr std::string_view kLast =
    "began and ended, null if there was none; objects, bytes, healed; open: damaged, and no copy was right; findings; "
    "job: the number of the one that goes on, or null; rate: bytes a second that "
    "one reads, 0: as fast as it goes";
constexpr std::string_view kWanted = R"({"type":"object","properties":{"node":{"type":"string",
"description":"AE title of a node that is asked to send what is damaged and has no right copy"}}})";

/// The node that a request's body names; empty: none.
std::string node_in(const std::string& body) {
  if (body.empty()) return {};
  json::error_code error;
  const auto value = json::parse(body, error);
  const auto* node = !error && value.is_object() ? value.as_object().if_contains("node") : nullptr;
  if (error || !value.is_object() || (node != nullptr && !node->is_string()))
    throw Error(Code::invalid, "the request's body has to be an object with \"node\", an AE title");
  return node != nullptr ? std::string(node->as_string()) : std::string();
}

}  // namespace

void VerificationRoutes::add_to(HttpRouter& router) {
  auto& routes = routes_.emplace(router);
  routes.add("GET", "/api/verification", "system.read",
             {.summary = "What the last verification of all stored objects has found", .group = kGroup, .done = kLast},
             [this](auto&, auto& response) { show(response); });
  routes.add("POST", "/api/verification", "jobs.manage",
             {.summary = "Verify all stored objects, and repair what is damaged",
              .group = kGroup,
              .body = kWanted,
              .body_required = false,
              .status = "202",
              .done = "The number of the job that does it",
              .answer = api::kNumberOfJob,
              .refusals = {{"409", "One goes on already"}}},
             [this](auto& request, auto& response) { begin(request, response); });
}

void VerificationRoutes::begin(HttpRequest& request, HttpResponse& response) {
  const auto job = verification_.begin(request.user(), node_in(read_body(request, kLongestBody)));
  take_down(request, job);
  api::answer_json(response, json::object{{"job", job}}, 202);
}

void VerificationRoutes::show(HttpResponse& response) {
  const auto last = verification_.last();
  const auto pending = verification_.pending();
  api::answer_json(response, json::object{{"began", api::time_value(last.began)},
                                          {"ended", api::time_value(last.ended)},
                                          {"objects", last.objects},
                                          {"bytes", last.bytes},
                                          {"healed", last.healed},
                                          {"open", last.open},
                                          {"findings", json::value_from(last.findings)},
                                          {"job", pending == 0 ? json::value() : json::value(pending)},
                                          {"rate", verification_.rate()}});
}

void VerificationRoutes::take_down(HttpRequest& request, uint64_t job) const {
  if (trail_ == nullptr) return;
  AuditEvent event;
  event.action = audit::kMaintained;
  event.user = request.user();
  event.peer_address = request.peer_address();
  event.object = "stored objects";
  const auto detail = "verified, job " + std::to_string(job);
  event.detail = detail;
  trail_->record(event);
}

}  // namespace fermata::backup
