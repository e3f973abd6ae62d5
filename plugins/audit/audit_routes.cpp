#include "audit_routes.hpp"

#include <boost/json.hpp>

#include "audit_query.hpp"
#include "csv.hpp"
#include "fermata/timestamp.hpp"

namespace fermata::audit_trail {
namespace {

namespace json = boost::json;

constexpr std::string_view kRead = "audit.read";
constexpr std::size_t kPiece = 64 * 1024;

json::object parameter(std::string_view name, std::string_view description) {
  return {{"name", name},
          {"in", "query"},
          {"description", description},
          {"schema", json::object{{"type", name == "limit" || name == "before" ? "integer" : "string"}}}};
}

std::string operation(std::string_view summary, bool paged) {
  json::array parameters{parameter("from", "not before this moment or date"),
                         parameter("to", "not after it"),
                         parameter("user", "a part of the user's name"),
                         parameter("action", "such as study.read, or study for all of them"),
                         parameter("object", "a part of the object"),
                         parameter("before", "only events with a smaller id")};
  if (paged) parameters.push_back(parameter("limit", "1 to 1000; 100 unless given"));
  const json::object body{{paged ? "application/json" : "text/csv", json::object{}}};
  return json::serialize(json::object{
      {"summary", summary},
      {"tags", json::array{"audit"}},
      {"parameters", std::move(parameters)},
      {"responses", json::object{{"200", json::object{{"description", "Events, latest first"}, {"content", body}}},
                                 {"400", json::object{{"description", "A parameter makes no sense"}}}}}});
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
  router.add({"GET", "/api/audit", kRead, operation("Who did what, latest first", true)}, page_);
  router.add({"GET", "/api/audit.csv", kRead, operation("The same as comma-separated values", false)}, csv_);
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
  response.header("Content-Type", "application/json");
  response.header("Cache-Control", "no-store");
  write(response, json::serialize(json::object{{"items", std::move(items)}, {"more", more}}));
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
