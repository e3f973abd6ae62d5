#include "touched_study.hpp"

#include <algorithm>

#include "attributes.hpp"
#include "encoding.hpp"
#include "fermata/dicom/data_set_view.hpp"
#include "fermata/free_memory.hpp"

namespace fermata::index_rocksdb {
namespace {

using dicom::AttributeLevel;

/// Where one instance in so many of a study has been looked up to be removed, and at least so many, the rest of the
/// study is read in one go: most likely it goes as a whole.
constexpr uint64_t kOneInSoMany = 8;
constexpr uint64_t kManyLookedUp = 32;
constexpr std::size_t kMostRemembered = 16 * 1024;  // of the attributes of a study or series

std::string_view modality_of(const Attributes& series) {
  return dicom::DataSetView(series.data_set).text(dicom::kModality);
}

}  // namespace

TouchedStudy::TouchedStudy(Database& database, std::string_view uid, RecentStudy recent)
    : database_(database), uid_(uid) {
  if (recent.study.empty()) {
    study_ = load(study_key(uid_), study_counts_key(uid_));
    return;
  }
  study_ = std::move(recent.entity);
  if (!recent.series.empty()) series_.emplace(std::move(recent.series), std::move(recent.series_entity));
}

Entity TouchedStudy::load(const std::string& key, const std::string& counts_key) const {
  Entity entity;
  std::string value;
  if (!database_.get(Family::records, counts_key, value)) return entity;
  entity.existed = true;
  entity.counts = decode_counts(counts_key, value);
  if (!database_.get(Family::records, key, value)) value.clear();
  entity.attributes = decode_attributes(key, value);
  entity.attributes_before = entity.attributes;
  entity.counts_before = entity.counts;
  return entity;
}

Entity& TouchedStudy::series(const std::string& uid) {
  const auto known = series_.find(uid);
  if (known != series_.end()) return known->second;
  return series_.emplace(uid, load(series_key(uid_, uid), series_counts_key(uid_, uid))).first->second;
}

TouchedStudy::Instance& TouchedStudy::instance(std::string_view uid) {
  const auto known = instances_.find(uid);
  if (known != instances_.end()) {
    auto& instance = known->second;
    if (instance.headless)
      instance.before->header = header({uid_, instance.before->series, instance.before->number, known->first});
    instance.headless = false;
    return instance;
  }
  Instance found;
  std::string value;
  if (database_.get(Family::uids, instance_uid_key(uid), value)) {
    const auto place = decode_place(uid, value);
    if (place.study != uid_)
      throw Error(Code::conflict, "instance " + std::string(uid) + " is stored under study " + place.study +
                                      " already, not under " + uid_);
    found.before = read(place);
    found.before->header = header(place);
    found.after = found.before;
  }
  order_.emplace_back(uid);
  return instances_.emplace(std::string(uid), std::move(found)).first->second;
}

TouchedStudy::Instance* TouchedStudy::instance_to_remove(std::string_view uid) {
  if (const auto known = instances_.find(uid); known != instances_.end())
    return known->second.after ? &known->second : nullptr;
  if (++looked_up_ > kManyLookedUp && looked_up_ * kOneInSoMany > study_.counts_before.instances && all_.empty())
    read_all();
  Instance found;
  if (const auto read_before = all_.find(std::string(uid)); read_before != all_.end()) {
    found.before = std::move(read_before->second);
  } else {
    const auto place = place_of(std::string(uid));
    if (!place) return nullptr;
    found.before = read(*place);
  }
  found.after = found.before;
  found.headless = true;
  order_.emplace_back(uid);
  return &instances_.emplace(std::string(uid), std::move(found)).first->second;
}

void TouchedStudy::read_all() {
  const std::string prefix = study_counts_key(uid_);
  const auto at = database_.iterate(Family::records, nullptr, nullptr);
  for (at->Seek(prefix); at->Valid() && view(at->key()).starts_with(prefix); at->Next()) {
    const auto key = parse_record_key(view(at->key()));
    if (key.kind != RecordKey::Kind::instance) continue;
    all_.emplace(key.instance, decode({uid_, std::string(key.series), key.number, std::string(key.instance)},
                                      std::string(view(at->value()))));
  }
  check(at->status(), "reading the instances of a study");
}

/// Without its header.
TouchedStudy::Version TouchedStudy::read(const Place& place) const {
  std::string record;
  if (!database_.get(Family::records, place.key(), record))
    throw Error(Code::corrupt, "the index lacks the record of instance " + place.instance + ": run `fermata reindex`");
  return decode(place, std::move(record));
}

TouchedStudy::Version TouchedStudy::decode(const Place& place, std::string record) {
  Version version;
  version.series = place.series;
  version.number = place.number;
  version.record = std::move(record);
  DecodedInstance decoded;
  decoded.read(place.key(), version.record);
  version.arrival = decoded.arrival();
  version.sop_class = decoded.record().sop_class_uid;
  version.blob_length = decoded.record().blob_length;
  return version;
}

std::string TouchedStudy::header(const Place& place) const {
  std::string value;
  if (!database_.get(Family::headers, place.key(), value))
    throw Error(Code::corrupt, "the index lacks the header of instance " + place.instance + ": run `fermata reindex`");
  return value;
}

/// Makes the attributes what the instances that are there now say. Mostly the first one says it all: an attribute that
/// any of them has is among those known so far, so nothing is missing where the first one has the same as is known.
void TouchedStudy::revise(Entity& entity, const std::string& prefix, AttributeLevel level) const {
  if (!entity.in_doubt || !entity.exists()) return;
  auto& attributes = entity.attributes;
  const auto said_by = [&](const Place& place) {
    const std::string value = header(place);
    return says_the_same(attributes.data_set, dicom::DataSetView(bytes(value)), kept_attributes(level));
  };
  const auto header_of = [&](const std::string& key) {
    const auto k = parse_record_key(key);
    const auto touched = instances_.find(k.instance);
    if (touched != instances_.end()) return touched->second.after->header;
    return header({uid_, std::string(k.series), k.number, std::string(k.instance)});
  };
  if (instances_.count(attributes.origin) == 0)
    if (const auto origin = place_of(attributes.origin); origin && said_by(*origin)) return;

  const auto ordered = arrivals(prefix);
  attributes.origin = parse_record_key(ordered.front().second).instance;
  const std::string first = header_of(ordered.front().second);
  if (says_the_same(attributes.data_set, dicom::DataSetView(bytes(first)), kept_attributes(level))) return;
  attributes.data_set.clear();
  for (const auto& arrival : ordered)
    fill_blanks(attributes.data_set, dicom::DataSetView(bytes(header_of(arrival.second))), kept_attributes(level));
}

/// Where an instance of this study is, by what the transaction has done so far.
std::optional<Place> TouchedStudy::place_of(const std::string& uid) const {
  const auto touched = instances_.find(uid);
  if (touched != instances_.end()) {
    const auto& after = touched->second.after;
    return after ? std::optional(Place{uid_, after->series, after->number, uid}) : std::nullopt;
  }
  std::string value;
  if (uid.empty() || uid.size() > kMaximumUid || !database_.get(Family::uids, instance_uid_key(uid), value)) return {};
  auto place = decode_place(uid, value);
  return place.study == uid_ ? std::optional(std::move(place)) : std::nullopt;
}

/// The instances below `prefix` as they will be, in the order in which they came.
TouchedStudy::Arrivals TouchedStudy::arrivals(const std::string& prefix) const {
  Arrivals list;
  for (const auto& [uid, i] : instances_) {
    if (!i.after) continue;
    auto key = instance_key(uid_, i.after->series, i.after->number, uid);
    if (key.starts_with(prefix)) list.emplace_back(i.after->arrival, std::move(key));
  }
  DecodedInstance decoded;
  const auto at = database_.iterate(Family::records, nullptr, nullptr);
  for (at->Seek(prefix); at->Valid() && view(at->key()).starts_with(prefix); at->Next()) {
    const auto key = parse_record_key(view(at->key()));
    if (key.kind != RecordKey::Kind::instance || instances_.find(key.instance) != instances_.end()) continue;
    decoded.read(view(at->key()), view(at->value()));
    list.emplace_back(decoded.arrival(), view(at->key()));
  }
  check(at->status(), "reading the instances of a study");
  std::sort(list.begin(), list.end());
  return list;
}

void TouchedStudy::settle() {
  revise(study_, study_counts_key(uid_), AttributeLevel::study);
  for (auto& [uid, s] : series_) {
    revise(s, series_counts_key(uid_, uid), AttributeLevel::series);
    study_.counts.series += static_cast<uint64_t>(s.difference());
    study_.counts.modalities.recount(s.existed ? modality_of(s.attributes_before) : std::string_view{},
                                     s.exists() ? modality_of(s.attributes) : std::string_view{});
  }
}

void TouchedStudy::forget_headers() {
  for (auto& [uid, i] : instances_)
    if (i.after) free_memory(i.after->header);
}

RecentStudy TouchedStudy::take_recent() {
  const auto fits = [](const Entity& entity) {
    return entity.exists() && entity.attributes.data_set.size() <= kMostRemembered;
  };
  RecentStudy recent;
  if (!fits(study_)) return recent;
  recent.study = uid_;
  study_.settle();
  recent.entity = std::move(study_);
  const auto& last = at(order_.back());
  if (const auto in = last.after ? series_.find(last.after->series) : series_.end();
      in != series_.end() && fits(in->second)) {
    in->second.settle();
    recent.series = in->first;
    recent.series_entity = std::move(in->second);
  }
  return recent;
}

}  // namespace fermata::index_rocksdb
