#include "system/totals.hpp"

#include <boost/json.hpp>

#include "fermata/error.hpp"
#include "json_body.hpp"

namespace fermata::admin {
namespace json = boost::json;
namespace {

constexpr int64_t kVersion = 1;

json::object amounts(const std::map<std::string, Totals::Amount, std::less<>>& from) {
  json::object object;
  for (const auto& [name, amount] : from) object[utf8(name)] = {amount.instances, amount.bytes};
  return object;
}

std::map<std::string, Totals::Amount, std::less<>> read_amounts(const json::value& from) {
  std::map<std::string, Totals::Amount, std::less<>> amounts;
  for (const auto& [name, value] : from.as_object())
    amounts[name] = {value.at(0).to_number<uint64_t>(), value.at(1).to_number<uint64_t>()};
  return amounts;
}

}  // namespace

std::string Totals::text() const {
  json::object counts;
  for (const auto& [name, count] : present) counts[utf8(name)] = {count.series, count.instances};
  return json::serialize(json::object{{"version", kVersion},
                                      {"sequence", sequence},
                                      {"complete", complete},
                                      {"removals", removals},
                                      {"census_at", census_at},
                                      {"days", amounts(days)},
                                      {"modalities", amounts(modalities)},
                                      {"present", std::move(counts)}});
}

Totals Totals::parse(std::string_view text) {
  try {
    const auto value = json::parse(text);
    if (value.at("version").to_number<int64_t>() != kVersion) throw std::runtime_error("another version");
    Totals totals;
    totals.sequence = value.at("sequence").to_number<uint64_t>();
    totals.complete = value.at("complete").as_bool();
    totals.removals = value.at("removals").to_number<uint64_t>();
    totals.census_at = value.at("census_at").to_number<uint64_t>();
    totals.days = read_amounts(value.at("days"));
    totals.modalities = read_amounts(value.at("modalities"));
    for (const auto& [name, count] : value.at("present").as_object())
      totals.present[name] = {count.at(0).to_number<uint64_t>(), count.at(1).to_number<uint64_t>()};
    return totals;
  } catch (const std::exception& error) {
    throw Error(Code::corrupt, std::string("the totals of the archive can't be read: ") + error.what());
  }
}

}  // namespace fermata::admin
