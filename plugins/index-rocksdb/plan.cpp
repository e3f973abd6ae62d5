#include "plan.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <unordered_set>

#include "study_order.hpp"

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
/// What it costs to read a study's record, in entries of an index.
constexpr double kEntriesForARecord = 8;
/// In bytes: mostly they take less.
constexpr uint64_t kLargeEntry = 200;

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

/// A study, and its newest_first_value where that is known.
struct Candidate {
  std::string study;
  std::string moment;
};
using Candidates = std::vector<Candidate>;

/// The studies of a scan in its order, each once; nothing if it has more than `limit` entries.
std::optional<Candidates> listed(KeyScan& scan, std::size_t limit) {
  Candidates studies;
  std::unordered_set<std::string> known;
  scan.rewind();
  for (std::size_t entries = 0; scan.step(); ++entries) {
    if (entries == limit) return {};
    const auto study = scan.here();
    if (study && known.emplace(*study).second) studies.push_back({std::string(*study), scan.moment()});
  }
  return studies;
}

/// Leaves those studies of the best scan that stand in the others too: to compare entries costs a small part of what it
/// costs to read the records of studies that fail by another key. Others that are much longer are left out, and those
/// for the same key: an entry has the whole name.
void narrow(Candidates& studies, Scans& scans, std::size_t best) {
  for (std::size_t i = 0; i < scans.size() && studies.size() > kWorthComparing; ++i) {
    if (scans[i]->key() == scans[best]->key()) continue;
    const auto others = listed(*scans[i], kReadBesides * studies.size());
    if (!others) continue;
    std::unordered_set<std::string_view> there;
    for (const auto& other : *others) there.insert(other.study);
    std::erase_if(studies, [&](const Candidate& candidate) { return there.count(candidate.study) == 0; });
  }
}

std::unique_ptr<StudySource> in_this_order(Candidates candidates) {
  std::vector<std::string> studies;
  studies.reserve(candidates.size());
  for (auto& candidate : candidates) studies.push_back(std::move(candidate.study));
  return std::make_unique<ListedStudies>(std::move(studies));
}

std::unique_ptr<StudySource> sorted(const Reader& reader, const StudyOrder& order, Candidates candidates) {
  struct Ranked {
    Rank rank;
    std::string study;
  };
  std::vector<Ranked> ranked;
  ranked.reserve(candidates.size());
  EntityRecord record;
  for (auto& [study, moment] : candidates) {
    if (order.by_date() && !moment.empty())
      ranked.push_back({StudyOrder::rank_of_moment(std::move(moment)), std::move(study)});
    else if (reader.study(study, record))
      ranked.push_back({order.rank(record.data_set()), std::move(study)});
  }
  std::sort(ranked.begin(), ranked.end(),
            [&](const Ranked& a, const Ranked& b) { return order.before(a.rank, a.study, b.rank, b.study); });
  std::vector<std::string> studies;
  studies.reserve(ranked.size());
  for (auto& one : ranked) studies.push_back(std::move(one.study));
  return std::make_unique<ListedStudies>(std::move(studies));
}

/// How many entries of a scan are read to put its studies in order, rather than to go along the order until enough of
/// them have come: that reads a record for every study there is for one of the scan's.
std::size_t most_sorted(const Reader& reader, const CompiledQuery& query) {
  const double answers = double(query.offset()) + double(query.limit());
  const double worth = std::sqrt(answers * double(reader.studies()) * kEntriesForARecord);
  return static_cast<std::size_t>(std::min(double(kHeld), worth));
}

/// Whether a scan has no more entries than that. It counts them, unless the room that they take says enough.
bool has_at_most(KeyScan& scan, std::size_t entries) {
  if (scan.approximate_size() > entries * kLargeEntry) return false;
  scan.rewind();
  std::size_t found = 0;
  while (found <= entries && scan.step()) ++found;
  return found <= entries;
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
  const StudyOrder order(query);
  if (auto studies = named_studies(reader, query, plan.restriction)) {
    Candidates candidates;
    for (auto& study : *studies) candidates.push_back({std::move(study), {}});
    plan.studies = order.wanted() ? sorted(reader, order, std::move(candidates)) : in_this_order(std::move(candidates));
    return plan;
  }
  plan.all_match = asks_only_for_days(query);
  auto scans = usable_scans(reader, query);
  if (scans.empty()) {
    if (query.level() == Level::patient && !order.wanted())
      plan.studies = std::make_unique<PatientWalk>(reader);
    else
      plan.studies = order.walk(reader);
    return plan;
  }
  const auto best = most_selective(scans);
  if (order.wanted() && !order.goes_along(*scans[best])) {
    const auto most = most_sorted(reader, query);
    auto studies = has_at_most(*scans[best], most) ? listed(*scans[best], most) : std::nullopt;
    if (!studies) {
      plan.studies = order.walk(reader);
      return plan;
    }
    narrow(*studies, scans, best);
    plan.studies = sorted(reader, order, std::move(*studies));
    return plan;
  }
  if (order.wanted()) scans[best] = order.scan(reader);
  // What is too long to be held is read as it is.
  auto studies = scans.size() > 1 ? listed(*scans[best], kHeld) : std::nullopt;
  if (studies) {
    narrow(*studies, scans, best);
    plan.studies = in_this_order(std::move(*studies));
  } else {
    scans[best]->rewind();
    plan.studies = std::move(scans[best]);
  }
  return plan;
}

}  // namespace fermata::index_rocksdb
