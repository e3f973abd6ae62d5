#include "item_index.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "attributes.hpp"
#include "fermata/dicom/normalise.hpp"

namespace fermata::worklist {
namespace {

using dicom::Key;
using dicom::Tag;

struct Indexed {
  Tag tag;
  bool of_step;
};
constexpr std::array kIndexed{Indexed{dicom::kAccessionNumber, false}, Indexed{dicom::kPatientId, false},
                              Indexed{dicom::kStudyInstanceUid, false},
                              Indexed{attribute::kRequestedProcedureId, false},
                              Indexed{attribute::kScheduledStationAeTitle, true}};

dicom::DataSetView step_of(dicom::DataSetView data_set) {
  const auto sequence = data_set.find(attribute::kScheduledProcedureStepSequence);
  if (sequence)
    for (const auto item : sequence->items()) return item;
  return {};
}

std::vector<std::pair<Tag, std::string>> values_of(const Item& item) {
  std::vector<std::pair<Tag, std::string>> values;
  const auto step = step_of(item.view());
  for (const auto& indexed : kIndexed)
    if (const auto element = (indexed.of_step ? step : item.view()).find(indexed.tag))
      for (auto& value : dicom::normalised_values(*element)) values.emplace_back(indexed.tag, std::move(value));
  return values;
}

const Key* key_of(const std::vector<Key>& keys, Tag tag) {
  const auto found = std::find_if(keys.begin(), keys.end(), [tag](const Key& key) { return key.tag == tag; });
  return found == keys.end() ? nullptr : &*found;
}

/// Days asked for, both included; an empty one is open.
struct Days {
  std::string first;
  std::string last;
};
Days days_of(const Key* key) {
  if (key == nullptr) return {};
  if (key->kind == Key::Kind::single) return {key->values.front(), key->values.front()};
  if (key->kind == Key::Kind::range || key->kind == Key::Kind::date_time)
    return {key->low.substr(0, 8), key->high.substr(0, 8)};
  return {};
}

/// Visits the part of something ordered by place that lies within the days.
template <class Ordered, class Place, class Visit>
void visit(const Ordered& ordered, const Days& days, Place place_at, Visit visit_one) {
  const auto end = days.last.empty() ? ordered.end() : ordered.upper_bound(place_at(days.last + "~"));
  for (auto it = ordered.lower_bound(place_at(days.first)); it != ordered.end() && it != end; ++it) visit_one(*it);
}

}  // namespace

void ItemIndex::put(const ItemPtr& item) {
  remove(item->id);
  const Place place{item->start, item->id};
  by_start_.emplace(place, item);
  by_id_.emplace(item->id, place);
  for (auto& value : values_of(*item)) by_value_[std::move(value)].insert(place);
}

void ItemIndex::remove(std::string_view id) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return;
  const auto item = by_start_.find(found->second);
  for (const auto& value : values_of(*item->second)) {
    const auto places = by_value_.find(value);
    if (places == by_value_.end()) continue;
    places->second.erase(found->second);
    if (places->second.empty()) by_value_.erase(places);
  }
  by_start_.erase(item);
  by_id_.erase(found);
}

ItemPtr ItemIndex::find(std::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : by_start_.at(found->second);
}

std::vector<ItemPtr> ItemIndex::candidates(const std::vector<Key>& keys) const {
  static const std::vector<Key> kNone;
  const auto* sequence = key_of(keys, attribute::kScheduledProcedureStepSequence);
  const auto& of_step = sequence == nullptr ? kNone : sequence->items;
  const auto days = days_of(key_of(of_step, attribute::kStartDate));
  if (!days.first.empty() && !days.last.empty() && days.last < days.first) return {};

  static const Places kNowhere;
  const Places* fewest = nullptr;
  for (const auto& indexed : kIndexed) {
    const auto* key = key_of(indexed.of_step ? of_step : keys, indexed.tag);
    if (key == nullptr || key->kind != Key::Kind::single) continue;
    const auto found = by_value_.find({indexed.tag, key->values.front()});
    const auto* places = found == by_value_.end() ? &kNowhere : &found->second;
    if (fewest == nullptr || places->size() < fewest->size()) fewest = places;
  }

  std::vector<ItemPtr> list;
  const auto place_at = [](std::string start) { return Place{std::move(start), {}}; };
  if (fewest == nullptr)
    visit(by_start_, days, place_at, [&](const auto& entry) { list.push_back(entry.second); });
  else
    visit(*fewest, days, place_at, [&](const Place& place) { list.push_back(by_start_.at(place)); });
  return list;
}

std::vector<ItemPtr> ItemIndex::before(std::string_view day) const {
  std::vector<ItemPtr> list;
  for (auto it = by_start_.begin(); it != by_start_.end() && it->first.start < day; ++it) list.push_back(it->second);
  return list;
}

}  // namespace fermata::worklist
