#include "audit_routes.hpp"

#include "api/json_answer.hpp"
#include "audit_query.hpp"
#include "csv.hpp"
#include "fermata/timestamp.hpp"

namespace fermata::audit_trail {
namespace {

namespace json = boost::json;

constexpr std::string_view kRead = "audit.read";
constexpr std::size_t kPiece = 64 * 1024;

std::vector<api::Parameter> filters() {
  return {{"from", "not before this moment or date"}, {"to", "not after it"},
          {"user", "a part of the user's name"},      {"action", "such as study.read, or study for all of them"},
          {"object", "a part of the object"},         {"before", "only events with a smaller id", false, "integer"}};
}

json::object item(const RecordedEvent& event) {
  return {{"id", event.number},     {"time", rfc3339(event.time_us)},
          {"action", event.action}, {"outcome", outcome_name(event.outcome)},
          {"user", event.user},     {"address", event.address},
          {"object", event.object}, {"patient_id", event.patient_id},
          {"detail", event.detail}};
}

void write(HttpResponse& response, std::string_view text) { response.write(std::as_bytes(std::span(text))); }

}  // namespace

void AuditRoutes::add_to(HttpRouter& router) {
  auto& routes = routes_.emplace(router);
  auto paged = filters();
  paged.push_back({"limit", "1 to 1000; 100 unless given", false, "integer"});
  routes.add("GET", "/api/audit", kRead,
             {.summary = "Who did what, latest first", .group = "audit", .parameters = paged},
             [this](HttpRequest& request, HttpResponse& response) { page(request, response); });
  routes.add("GET", "/api/audit.csv", kRead,
             {.summary = "The same as comma-separated values",
              .group = "audit",
              .parameters = filters(),
              .answer_type = "text/csv",
              .answer = R"({"type":"string"})"},
             [this](HttpRequest& request, HttpResponse& response) { csv(request, response); });
}

void AuditRoutes::page(HttpRequest& request, HttpResponse& response) {
  const auto query = parse_query(request.query());
  note(request, "a page");
  json::array items;
  bool more = false;
  reader_.read(query.filter, [&](const RecordedEvent& event) {
    more = items.size() == query.limit;
    if (!more) items.push_back(item(event));
    return !more;
  });
  api::answer_json(response, json::object{{"items", std::move(items)}, {"more", more}});
}

void AuditRoutes::csv(HttpRequest& request, HttpResponse& response) {
  const auto query = parse_query(request.query());
  note(request, "as CSV");
  response.header("Content-Type", "text/csv; charset=utf-8");
  response.header("Content-Disposition", "attachment; filename=\"audit.csv\"");
  response.header("Cache-Control", "no-store");
  std::string piece(kCsvHead);
  reader_.read(query.filter, [&](const RecordedEvent& event) {
    piece += csv_line(event);
    if (piece.size() < kPiece) return true;
    write(response, piece);
    piece.clear();
    return true;
  });
  write(response, piece);
}

void AuditRoutes::note(HttpRequest& request, std::string_view detail) {
  AuditEvent event;
  event.action = kTrailRead;
  event.user = request.user();
  event.peer_address = request.peer_address();
  event.detail = detail;
  trail_.record(event);
}

}  // namespace fermata::audit_trail
