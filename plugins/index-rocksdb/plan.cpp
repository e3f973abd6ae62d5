#include "plan.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <unordered_set>

namespace fermata::index_rocksdb {
namespace {

using dicom::Key;

/// So many entries of each index are looked at to see which one ends first.
constexpr int kProbed = 256;
/// So many studies are held in memory at most, to be sorted or compared.
constexpr std::size_t kHeld = 20'000;
/// A list of studies longer than this is compared with entries of other indexes, as many as this times its length.
constexpr std::size_t kWorthComparing = 32;
constexpr std::size_t kReadBesides = 4;

bool names_values(const Key* key) {
  return key != nullptr && (key->kind == Key::Kind::single || key->kind == Key::Kind::list);
}

void sort_places(std::vector<Place>& places) {
  const auto order = [](const Place& p) { return std::tie(p.study, p.series, p.number, p.instance); };
  std::sort(places.begin(), places.end(), [&](const Place& a, const Place& b) { return order(a) < order(b); });
  places.erase(
      std::unique(places.begin(), places.end(), [&](const Place& a, const Place& b) { return order(a) == order(b); }),
      places.end());
}

std::vector<std::string> studies_in(const std::vector<Place>& places) {
  std::vector<std::string> studies;
  for (const auto& place : places)
    if (studies.empty() || studies.back() != place.study) studies.push_back(place.study);
  return studies;
}

std::vector<Place> places_of_instances(const Reader& reader, const Key& key) {
  std::vector<Place> places;
  for (const auto& uid : key.values)
    if (auto place = reader.place(uid)) places.push_back(std::move(*place));
  sort_places(places);
  return places;
}

std::vector<Place> places_of_series(const Reader& reader, const Key& key) {
  std::vector<Place> places;
  for (const auto& uid : key.values)
    for (auto& study : reader.studies_of_series(uid)) places.push_back({std::move(study), uid, 0, {}});
  sort_places(places);
  return places;
}

/// The studies that UIDs in the query lead to, ascending; nothing if it names none.
std::optional<std::vector<std::string>> named_studies(const Reader& reader, const CompiledQuery& query,
                                                      Restriction& restriction) {
  const auto* study = query.matching_key(dicom::kStudyInstanceUid);
  const auto* series = query.matching_key(dicom::kSeriesInstanceUid);
  const auto* instance = query.matching_key(dicom::kSopInstanceUid);
  if (names_values(series)) restriction.series = places_of_series(reader, *series);
  if (names_values(instance)) restriction.instances = places_of_instances(reader, *instance);
  if (names_values(study)) {
    auto studies = study->values;
    std::sort(studies.begin(), studies.end());
    studies.erase(std::unique(studies.begin(), studies.end()), studies.end());
    return studies;
  }
  if (restriction.instances) return studies_in(*restriction.instances);
  if (restriction.series) return studies_in(*restriction.series);
  return {};
}

using Scans = std::vector<std::unique_ptr<KeyScan>>;

void add_scans(const Reader& reader, const Key& key, Scans& scans) {
  const auto parts = name_parts(key);
  for (const auto& part : parts) scans.push_back(std::make_unique<KeyScan>(reader, key, part));
  if (parts.empty()) scans.push_back(std::make_unique<KeyScan>(reader, &key));
}

Scans usable_scans(const Reader& reader, const CompiledQuery& query) {
  Scans scans;
  for (const auto owner : {dicom::AttributeLevel::study, dicom::AttributeLevel::series})
    for (const auto* key : query.keys(owner))
      if (is_indexed(key->tag) && key->kind != Key::Kind::sequence) add_scans(reader, *key, scans);
  return scans;
}

/// The scan that ends first, all of them going step by step; after too many steps, the shortest by its size.
std::size_t most_selective(Scans& scans) {
  if (scans.size() == 1) return 0;
  for (int step = 0; step < kProbed; ++step)
    for (std::size_t i = 0; i < scans.size(); ++i)
      if (!scans[i]->step()) return i;
  std::vector<uint64_t> sizes;
  for (const auto& scan : scans) sizes.push_back(scan->approximate_size());
  return static_cast<std::size_t>(std::min_element(sizes.begin(), sizes.end()) - sizes.begin());
}

/// The studies of a scan in its order, each once; nothing if it has more than `limit` entries.
std::optional<std::vector<std::string>> listed(KeyScan& scan, std::size_t limit) {
  std::vector<std::string> studies;
  std::unordered_set<std::string> known;
  scan.rewind();
  for (std::size_t entries = 0; scan.step(); ++entries) {
    if (entries == limit) return {};
    const auto study = scan.here();
    if (study && known.emplace(*study).second) studies.emplace_back(*study);
  }
  return studies;
}

/// The studies of the best scan that stand in the others too: to compare entries costs a small part of what it costs to
/// read the records of studies that fail by another key. Others that are much longer are left out. Nothing, if the best
/// one is too long to be held.
std::unique_ptr<StudySource> in_all(Scans& scans, std::size_t best) {
  auto studies = listed(*scans[best], kHeld);
  if (!studies) return nullptr;
  for (std::size_t i = 0; i < scans.size() && studies->size() > kWorthComparing; ++i) {
    if (i == best) continue;
    const auto others = listed(*scans[i], kReadBesides * studies->size());
    if (!others) continue;
    const std::unordered_set<std::string> there(others->begin(), others->end());
    std::erase_if(*studies, [&](const std::string& study) { return there.count(study) == 0; });
  }
  return std::make_unique<ListedStudies>(std::move(*studies));
}

/// Whether to sort the studies of a scan, or to go along the dates until enough of them have come. Compares how many
/// studies either way reads: all of the scan, or as many for each answer as there are studies for one of the scan's.
bool sorting_pays(const Reader& reader, const CompiledQuery& query, KeyScan& scan) {
  const double answers = double(query.offset()) + double(query.limit());
  const double limit = std::min(double(kHeld), std::sqrt(answers * double(reader.studies())));
  double found = 0;
  while (found <= limit && scan.step()) ++found;
  scan.rewind();
  return found <= limit;
}

/// The same studies, newest first.
std::unique_ptr<StudySource> newest_first(const Reader& reader, StudySource& studies) {
  std::vector<std::pair<std::string, std::string>> dated;
  std::string study;
  EntityRecord record;
  while (studies.next(study))
    if (reader.study(study, record)) dated.emplace_back(newest_first_value(record.data_set()), study);
  std::sort(dated.begin(), dated.end());
  dated.erase(std::unique(dated.begin(), dated.end()), dated.end());
  std::vector<std::string> sorted;
  sorted.reserve(dated.size());
  for (auto& entry : dated) sorted.push_back(std::move(entry.second));
  return std::make_unique<ListedStudies>(std::move(sorted));
}

std::unique_ptr<StudySource> along_the_dates(const Reader& reader, Scans& scans) {
  for (auto& scan : scans)
    if (scan && scan->by_date()) {
      scan->rewind();
      return std::move(scan);
    }
  return std::make_unique<KeyScan>(reader, nullptr);
}

/// Whether nothing is asked of a study except that it is of certain days.
bool asks_only_for_days(const CompiledQuery& query) {
  if (query.level() != Level::study || !query.keys(dicom::AttributeLevel::series).empty() ||
      !query.keys(dicom::AttributeLevel::image).empty())
    return false;
  const auto& keys = query.keys(dicom::AttributeLevel::study);
  return std::all_of(keys.begin(), keys.end(), [](const Key* key) {
    return key->tag == dicom::kStudyDate && (key->kind == Key::Kind::single || key->kind == Key::Kind::range);
  });
}

}  // namespace

Plan make_plan(const Reader& reader, const CompiledQuery& query) {
  Plan plan;
  const bool by_date = query.order() == Query::Order::newest_first;
  if (auto studies = named_studies(reader, query, plan.restriction)) {
    plan.studies = std::make_unique<ListedStudies>(std::move(*studies));
    if (by_date) plan.studies = newest_first(reader, *plan.studies);
    return plan;
  }
  plan.all_match = asks_only_for_days(query);
  auto scans = usable_scans(reader, query);
  if (scans.empty()) {
    if (query.level() == Level::patient && !by_date)
      plan.studies = std::make_unique<PatientWalk>(reader);
    else
      plan.studies = std::make_unique<KeyScan>(reader, nullptr);
    return plan;
  }
  const auto best = most_selective(scans);
  const bool in_order = !by_date || scans[best]->by_date();
  scans[best]->rewind();
  if (!in_order && !sorting_pays(reader, query, *scans[best])) {
    plan.studies = along_the_dates(reader, scans);
    return plan;
  }
  if (scans.size() > 1) plan.studies = in_all(scans, best);
  if (!plan.studies) {
    scans[best]->rewind();
    plan.studies = std::move(scans[best]);
  }
  if (!in_order) plan.studies = newest_first(reader, *plan.studies);
  return plan;
}

}  // namespace fermata::index_rocksdb
