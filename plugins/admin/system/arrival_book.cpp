#include "system/arrival_book.hpp"

#include <boost/json.hpp>
#include <vector>

#include "fermata/error.hpp"
#include "json_body.hpp"

namespace fermata::admin {
namespace json = boost::json;
namespace {

constexpr std::string_view kCollection = "admin.arrivals";
constexpr int64_t kVersion = 1;

std::string_view text_of(const Document& document) {
  return {reinterpret_cast<const char*>(document.content.data()), document.content.size()};
}

}  // namespace

ArrivalBook::Day ArrivalBook::parse(std::string_view text) {
  Day day;
  try {
    const auto value = json::parse(text);
    if (value.at("version").to_number<int64_t>() != kVersion) return {};
    day.sequence = value.at("sequence").to_number<uint64_t>();
    for (const auto& row : value.at("rows").as_array())
      day.rows[{std::string(row.at(0).as_string()), std::string(row.at(1).as_string())}] = {
          row.at(2).to_number<uint64_t>(), row.at(3).to_number<uint64_t>()};
  } catch (const std::exception&) {
    return {};
  }
  return day;
}

ArrivalBook::Day ArrivalBook::read(const std::string& day) const {
  const auto cursor = store_.list(kCollection, day);
  Document document;
  if (!cursor->next(document) || document.id != day) return {};
  return parse(text_of(document));
}

void ArrivalBook::add(uint64_t sequence, const std::string& day, std::string_view node, std::string_view modality,
                      uint64_t bytes) {
  auto place = open_.find(day);
  if (place == open_.end()) place = open_.emplace(day, read(day)).first;
  auto& kept = place->second;
  if (sequence <= kept.sequence) return;
  kept.sequence = sequence;
  kept.changed = true;
  auto& amount = kept.rows[{std::string(node), std::string(modality)}];
  ++amount.instances;
  amount.bytes += bytes;
}

void ArrivalBook::save() {
  for (auto& [name, day] : open_) {
    if (!day.changed) continue;
    json::array rows;
    for (const auto& [key, amount] : day.rows)
      rows.push_back(json::array{utf8(key.first), utf8(key.second), amount.instances, amount.bytes});
    const auto text =
        json::serialize(json::object{{"version", kVersion}, {"sequence", day.sequence}, {"rows", std::move(rows)}});
    store_.put(kCollection, name, std::as_bytes(std::span(text)), StateStore::kAny);
    day.changed = false;
  }
  while (open_.size() > 1) open_.erase(open_.begin());
}

void ArrivalBook::forget_before(const std::string& day) {
  std::vector<std::string> old;
  {
    const auto cursor = store_.list(kCollection, "");
    for (Document document; cursor->next(document) && document.id < day;) old.emplace_back(document.id);
  }
  for (const auto& id : old) store_.remove(kCollection, id, StateStore::kAny);
}

void ArrivalBook::visit(const std::string& first, const std::string& last,
                        const std::function<void(const Row&)>& visitor) const {
  const auto cursor = store_.list(kCollection, first);
  for (Document document; cursor->next(document) && document.id <= last;) {
    const std::string name(document.id);
    for (const auto& [key, amount] : parse(text_of(document)).rows) visitor({name, key.first, key.second, amount});
  }
}

}  // namespace fermata::admin
