#include "verification_routes.hpp"

#include <boost/json.hpp>

#include "fermata/json_answer.hpp"

namespace fermata::backup {
namespace {

namespace json = boost::json;

constexpr std::size_t kLongestBody = 4096;

constexpr std::string_view kLastOperation =
    R"({"summary":"What the last verification of all stored objects has found","tags":["backups"],
"responses":{"200":{"description":"began and ended, null if there was none; objects, bytes, healed; open: damaged, and no copy was
right; findings; job: the number of the one that goes on, or null; rate: bytes a second that one reads, 0: as fast as it goes","content":{"application/json":{"schema":
{"type":"object"}}}}}})";
constexpr std::string_view kBeginOperation =
    R"({"summary":"Verify all stored objects, and repair what is damaged","tags":["backups"],
"requestBody":{"required":false,"content":{"application/json":{"schema":{"type":"object","properties":{"node":{"type":"string",
"description":"AE title of a node that is asked to send what is damaged and has no right copy"}}}}}},
"responses":{"202":{"description":"The number of the job that does it","content":{"application/json":{"schema":
{"type":"object","properties":{"job":{"type":"integer"}}}}}},"409":{"description":"One goes on already"}}})";

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
  router.add({"GET", "/api/verification", "system.read", kLastOperation}, *this);
  router.add({"POST", "/api/verification", "jobs.manage", kBeginOperation}, *this);
}

void VerificationRoutes::handle(HttpRequest& request, HttpResponse& response) {
  if (request.method() == "POST") {
    const auto job = verification_.begin(request.user(), node_in(read_body(request, kLongestBody)));
    take_down(request, job);
    response.status(202);
    return answer_json(response, json::serialize(json::object{{"job", job}}));
  }
  const auto last = verification_.last();
  const auto pending = verification_.pending();
  answer_json(response, json::serialize(json::object{{"began", json::value_from(json_time(last.began))},
                                                     {"ended", json::value_from(json_time(last.ended))},
                                                     {"objects", last.objects},
                                                     {"bytes", last.bytes},
                                                     {"healed", last.healed},
                                                     {"open", last.open},
                                                     {"findings", json::value_from(last.findings)},
                                                     {"job", pending == 0 ? json::value() : json::value(pending)},
                                                     {"rate", verification_.rate()}}));
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
