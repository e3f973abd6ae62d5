#include "csv.hpp"

#include "event_filter.hpp"
#include "fermata/timestamp.hpp"

namespace fermata::audit_trail {
namespace {

constexpr std::string_view kBeginsFormula = "=+-@\t\r";

void append(std::string& line, std::string_view value) {
  line += ',';
  const bool formula = !value.empty() && kBeginsFormula.find(value.front()) != std::string_view::npos;
  const bool quoted = formula || value.find_first_of(",\"\r\n") != std::string_view::npos;
  if (!quoted) {
    line += value;
    return;
  }
  line += '"';
  if (formula) line += '\'';
  for (const char c : value) {
    if (c == '"') line += '"';
    line += c;
  }
  line += '"';
}

}  // namespace

std::string csv_line(const RecordedEvent& event) {
  auto line = std::to_string(event.number);
  append(line, rfc3339(event.time_us));
  append(line, event.action);
  append(line, outcome_name(event.outcome));
  for (const auto* value : {&event.user, &event.address, &event.object, &event.patient_id, &event.detail})
    append(line, *value);
  return line + "\r\n";
}

}  // namespace fermata::audit_trail
