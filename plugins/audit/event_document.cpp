#include "event_document.hpp"

#include <boost/json.hpp>
#include <charconv>

#include "fermata/error.hpp"

namespace fermata::audit_trail {
namespace {

namespace json = boost::json;

constexpr int64_t kFormat = 1;
constexpr std::size_t kDigits = 20;

AuditEvent::Outcome outcome_from(std::string_view name) {
  for (const auto outcome : {AuditEvent::Outcome::refused, AuditEvent::Outcome::failed})
    if (outcome_name(outcome) == name) return outcome;
  return AuditEvent::Outcome::success;
}

RecordedEvent read(const json::object& kept, uint64_t number) {
  const auto text = [&](const char* name) {
    const auto* found = kept.if_contains(name);
    return found == nullptr ? std::string() : json::value_to<std::string>(*found);
  };
  return {number,         kept.at("time_us").to_number<int64_t>(),
          text("action"), outcome_from(text("outcome")),
          text("user"),   text("address"),
          text("object"), text("patient_id"),
          text("detail")};
}

}  // namespace

std::string document_id(uint64_t number) {
  const auto digits = std::to_string(number);
  return std::string(kDigits - digits.size(), '0') + digits;
}

uint64_t number_of(std::string_view id) {
  uint64_t number = 0;
  const auto [end, failure] = std::from_chars(id.data(), id.data() + id.size(), number);
  return failure == std::errc() && end == id.data() + id.size() && id.size() == kDigits ? number : 0;
}

std::string to_document(std::span<const RecordedEvent> events) {
  json::array list;
  for (const auto& event : events) {
    json::object kept{{"time_us", event.time_us}, {"action", event.action}, {"outcome", outcome_name(event.outcome)}};
    const auto add = [&kept](const char* name, const std::string& text) {
      if (!text.empty()) kept.emplace(name, text);
    };
    add("user", event.user);
    add("address", event.address);
    add("object", event.object);
    add("patient_id", event.patient_id);
    add("detail", event.detail);
    list.push_back(std::move(kept));
  }
  return json::serialize(json::object{{"format", kFormat}, {"events", std::move(list)}});
}

std::vector<RecordedEvent> events_from_document(std::string_view id, std::span<const std::byte> content) {
  int64_t format = 0;
  try {
    const auto document = json::parse({reinterpret_cast<const char*>(content.data()), content.size()}).as_object();
    format = document.at("format").to_number<int64_t>();
    auto number = number_of(id);
    if (format == kFormat && number != 0) {
      std::vector<RecordedEvent> events;
      for (const auto& kept : document.at("events").as_array()) events.push_back(read(kept.as_object(), number++));
      return events;
    }
  } catch (const std::exception& error) {
    throw Error(Code::corrupt, "audit events from number " + std::string(id) + " on can't be read: " + error.what());
  }
  throw Error(Code::unsupported, "audit events from number " + std::string(id) + " on have format " +
                                     std::to_string(format) +
                                     ", written by a newer version of this plugin: use that version");
}

}  // namespace fermata::audit_trail
