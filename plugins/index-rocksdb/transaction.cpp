#include "transaction.hpp"

#include <algorithm>
#include <iterator>

#include "attributes.hpp"
#include "encoding.hpp"
#include "fermata/free_memory.hpp"
#include "secondary_keys.hpp"

namespace fermata::index_rocksdb {
namespace {

using dicom::AttributeLevel;

/// Where one instance in so many of a study has been looked up to be removed, and at least so many, the rest of the
/// study is read in one go: most likely it goes as a whole.
constexpr uint64_t kOneInSoMany = 8;
constexpr uint64_t kManyLookedUp = 32;
constexpr std::size_t kMostRemembered = 16 * 1024;  // of the attributes of a study or series

/// One occurrence of a value becomes one of another; empty means none.
void recount(Tally& tally, std::string_view from, std::string_view to) {
  if (from == to) return;
  if (!from.empty()) tally.remove(from);
  if (!to.empty()) tally.add(to);
}

std::string_view modality_of(const Attributes& series) {
  return dicom::DataSetView(series.data_set).text(dicom::kModality);
}

int difference(bool after, bool before) { return (after ? 1 : 0) - (before ? 1 : 0); }

}  // namespace

RocksTransaction::RocksTransaction(Database& database, Ledger& ledger, StudyLocks& locks, std::string_view study)
    : database_(database),
      ledger_(ledger),
      lock_(locks, study),
      uid_(study),
      since_(ledger.sequence()),
      study_(known_study()) {}

Entity RocksTransaction::known_study() {
  auto recent = lock_.take(uid_);
  if (recent.study.empty()) return load(study_key(uid_), study_counts_key(uid_));
  if (!recent.series.empty()) series_.emplace(std::move(recent.series), std::move(recent.series_entity));
  return std::move(recent.entity);
}

Entity RocksTransaction::load(const std::string& key, const std::string& counts_key) const {
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

Entity& RocksTransaction::series(const std::string& uid) {
  const auto known = series_.find(uid);
  if (known != series_.end()) return known->second;
  return series_.emplace(uid, load(series_key(uid_, uid), series_counts_key(uid_, uid))).first->second;
}

RocksTransaction::Instance& RocksTransaction::instance(std::string_view uid) {
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
  touched_.emplace_back(uid);
  return instances_.emplace(std::string(uid), std::move(found)).first->second;
}

/// Null if there is none in this study.
RocksTransaction::Instance* RocksTransaction::instance_to_remove(std::string_view uid) {
  if (const auto known = instances_.find(uid); known != instances_.end())
    return known->second.after ? &known->second : nullptr;
  if (++looked_up_ > kManyLookedUp && looked_up_ * kOneInSoMany > study_.counts_before.instances && all_.empty())
    look_up_all();
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
  touched_.emplace_back(uid);
  return &instances_.emplace(std::string(uid), std::move(found)).first->second;
}

void RocksTransaction::look_up_all() {
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
RocksTransaction::Version RocksTransaction::read(const Place& place) const {
  std::string record;
  if (!database_.get(Family::records, place.key(), record))
    throw Error(Code::corrupt, "the index lacks the record of instance " + place.instance + ": run `fermata reindex`");
  return decode(place, std::move(record));
}

RocksTransaction::Version RocksTransaction::decode(const Place& place, std::string record) {
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

std::string RocksTransaction::header(const Place& place) const {
  std::string value;
  if (!database_.get(Family::headers, place.key(), value))
    throw Error(Code::corrupt, "the index lacks the header of instance " + place.instance + ": run `fermata reindex`");
  return value;
}

void RocksTransaction::check_valid(const InstanceRecord& record) const {
  check_uid(record.study_instance_uid, "Study Instance UID");
  check_uid(record.series_instance_uid, "Series Instance UID");
  check_uid(record.sop_instance_uid, "SOP Instance UID");
  if (record.study_instance_uid != uid_)
    throw Error(Code::invalid, "instance " + std::string(record.sop_instance_uid) + " belongs to study " +
                                   std::string(record.study_instance_uid) + ", and this transaction is about " + uid_);
  try {
    for (const auto& element : dicom::DataSetView(record.header)) static_cast<void>(element);
  } catch (const Error&) {
    throw Error(Code::invalid, "the header of instance " + std::string(record.sop_instance_uid) +
                                   " is no data set in Explicit VR Little Endian");
  }
}

void RocksTransaction::upsert(const InstanceRecord& record) {
  if (committed_) throw Error(Code::invalid, "the transaction on study " + uid_ + " is over: begin another one");
  check_valid(record);
  auto& touched = instance(record.sop_instance_uid);
  if (touched.after && touched.after->series != record.series_instance_uid)
    throw Error(Code::conflict, "instance " + std::string(record.sop_instance_uid) + " is stored under series " +
                                    touched.after->series + " already, not under " +
                                    std::string(record.series_instance_uid));
  Version version;
  version.series = record.series_instance_uid;
  version.number = sortable_number(dicom::DataSetView(record.header).text(dicom::kInstanceNumber));
  // The study's lock is held, so later transactions on it begin at a later sequence.
  const auto& known = touched.after ? touched.after : touched.before;
  version.arrival = known ? known->arrival : since_ + touched_.size();
  version.record = encode_instance(record, version.arrival);
  version.header = chars(record.header);
  version.sop_class = record.sop_class_uid;
  version.blob_length = record.blob_length;
  if (!touched.after)
    insert(version, record.sop_instance_uid);
  else if (!(*touched.after == version))
    replace(*touched.after, version);
  touched.after = std::move(version);
}

bool RocksTransaction::remove(std::string_view sop_instance_uid) {
  if (committed_) throw Error(Code::invalid, "the transaction on study " + uid_ + " is over: begin another one");
  auto* touched = instance_to_remove(sop_instance_uid);
  if (touched == nullptr) return false;
  erase(*touched->after);
  touched->after.reset();
  return true;
}

void RocksTransaction::insert(const Version& version, std::string_view uid) {
  auto& in = series(version.series);
  for (auto* entity : {&study_, &in})
    if (!entity->exists()) entity->attributes = {};
  ++study_.counts.instances;
  ++in.counts.instances;
  recount(study_.counts.sop_classes, {}, version.sop_class);
  describe(study_, uid, version, AttributeLevel::study);
  describe(in, uid, version, AttributeLevel::series);
}

void RocksTransaction::describe(Entity& entity, std::string_view uid, const Version& version,
                                AttributeLevel level) const {
  if (entity.attributes.origin.empty()) entity.attributes.origin = uid;
  fill_blanks(entity.attributes.data_set, dicom::DataSetView(bytes(version.header)), kept_attributes(level));
}

void RocksTransaction::replace(const Version& old_version, const Version& new_version) {
  recount(study_.counts.sop_classes, old_version.sop_class, new_version.sop_class);
  if (old_version.header == new_version.header) return;
  auto& in = series(new_version.series);
  study_.in_doubt = true;
  in.in_doubt = true;
  describe(study_, {}, new_version, AttributeLevel::study);
  describe(in, {}, new_version, AttributeLevel::series);
}

void RocksTransaction::erase(const Version& version) {
  auto& in = series(version.series);
  --study_.counts.instances;
  --in.counts.instances;
  recount(study_.counts.sop_classes, version.sop_class, {});
  study_.in_doubt = true;
  in.in_doubt = true;
}

/// Makes the attributes what the instances that are there now say. Mostly the first one says it all: an attribute that
/// any of them has is among those known so far, so nothing is missing where the first one has the same as is known.
void RocksTransaction::revise(Entity& entity, const std::string& prefix, AttributeLevel level) const {
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
std::optional<Place> RocksTransaction::place_of(const std::string& uid) const {
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
RocksTransaction::Arrivals RocksTransaction::arrivals(const std::string& prefix) const {
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

/// Brings what the study says of its series up to date.
void RocksTransaction::settle_series() {
  revise(study_, study_counts_key(uid_), AttributeLevel::study);
  for (auto& [uid, s] : series_) {
    revise(s, series_counts_key(uid_, uid), AttributeLevel::series);
    study_.counts.series += static_cast<uint64_t>(difference(s.exists(), s.existed));
    recount(study_.counts.modalities, s.existed ? modality_of(s.attributes_before) : std::string_view{},
            s.exists() ? modality_of(s.attributes) : std::string_view{});
  }
}

void RocksTransaction::commit() {
  if (committed_) throw Error(Code::invalid, "the transaction on study " + uid_ + " is over: begin another one");
  committed_ = true;
  rocksdb::WriteBatch batch(expected_bytes());  // by doubling it would take twice as much for a large header
  std::vector<PendingChange> changes;
  std::vector<std::string_view> claimed;
  StatisticsDelta delta;
  if (!put_instances(batch, changes, claimed, delta)) return;
  settle_series();
  put_series(batch, delta);
  put_entity(batch, study_, study_key(uid_), study_counts_key(uid_));
  put_secondary_keys(batch, delta);
  delta.studies += difference(study_.exists(), study_.existed);
  for (auto& [uid, i] : instances_)
    if (i.after) free_memory(i.after->header);  // the batch has it
  ledger_.commit({batch, uid_, changes, delta, claimed, since_});
  remember();
}

std::size_t RocksTransaction::expected_bytes() const {
  constexpr std::size_t kRest = 4096;  // keys, and what is changed beside the instances
  std::size_t bytes = kRest;
  for (const auto& uid : touched_)
    if (const auto& after = instances_.find(uid)->second.after) bytes += after->record.size() + after->header.size();
  return bytes;
}

/// For the next transaction on this study.
void RocksTransaction::remember() {
  const auto fits = [](const Entity& entity) {
    return entity.exists() && entity.attributes.data_set.size() <= kMostRemembered;
  };
  if (!fits(study_)) return;
  RecentStudy recent;
  recent.study = uid_;
  study_.settle();
  recent.entity = std::move(study_);
  const auto& last = instances_.find(touched_.back())->second;
  if (const auto in = last.after ? series_.find(last.after->series) : series_.end();
      in != series_.end() && fits(in->second)) {
    in->second.settle();
    recent.series = in->first;
    recent.series_entity = std::move(in->second);
  }
  lock_.give_back(std::move(recent));
}

/// False if every instance is as it was.
bool RocksTransaction::put_instances(rocksdb::WriteBatch& batch, std::vector<PendingChange>& changes,
                                     std::vector<std::string_view>& claimed, StatisticsDelta& delta) const {
  for (const auto& uid : touched_) {
    const auto& i = instances_.find(uid)->second;
    if (i.before == i.after) continue;
    if (!i.before) claimed.push_back(uid);
    changes.push_back({!i.before  ? Change::Kind::stored
                       : !i.after ? Change::Kind::removed
                                  : Change::Kind::replaced,
                       i.after ? i.after->series : i.before->series, uid});
    delta.instances += difference(i.after.has_value(), i.before.has_value());
    delta.bytes += static_cast<int64_t>(i.after ? i.after->blob_length : 0) -
                   static_cast<int64_t>(i.before ? i.before->blob_length : 0);
    put_instance(batch, uid, i);
  }
  return !changes.empty();
}

void RocksTransaction::put_instance(rocksdb::WriteBatch& batch, const std::string& uid, const Instance& i) const {
  const bool stays = i.before && i.after && i.before->series == i.after->series && i.before->number == i.after->number;
  if (i.before && !stays) {
    const auto key = instance_key(uid_, i.before->series, i.before->number, uid);
    batch.Delete(database_[Family::records], key);
    batch.Delete(database_[Family::headers], key);
    if (!i.after) batch.Delete(database_[Family::uids], instance_uid_key(uid));
  }
  if (!i.after) return;
  const auto key = instance_key(uid_, i.after->series, i.after->number, uid);
  batch.Put(database_[Family::records], key, i.after->record);
  batch.Put(database_[Family::headers], key, i.after->header);
  if (!stays)
    batch.Put(database_[Family::uids], instance_uid_key(uid), encode_place(uid_, i.after->series, i.after->number));
}

void RocksTransaction::put_series(rocksdb::WriteBatch& batch, StatisticsDelta& delta) const {
  for (const auto& [uid, s] : series_) {
    put_entity(batch, s, series_key(uid_, uid), series_counts_key(uid_, uid));
    if (s.existed && !s.exists()) batch.Delete(database_[Family::uids], series_uid_key(uid, uid_));
    if (!s.existed && s.exists()) batch.Put(database_[Family::uids], series_uid_key(uid, uid_), {});
    delta.series += difference(s.exists(), s.existed);
  }
}

void RocksTransaction::put_entity(rocksdb::WriteBatch& batch, const Entity& entity, const std::string& key,
                                  const std::string& counts_key) const {
  auto* records = database_[Family::records];
  if (!entity.exists()) {
    if (!entity.existed) return;
    batch.Delete(records, key);
    batch.Delete(records, counts_key);
    return;
  }
  if (!entity.existed || !(entity.attributes == entity.attributes_before))
    batch.Put(records, key, encode_attributes(entity.attributes));
  if (!entity.existed || !(entity.counts == entity.counts_before))
    batch.Put(records, counts_key, encode_counts(entity.counts));
}

void RocksTransaction::put_secondary_keys(rocksdb::WriteBatch& batch, StatisticsDelta& delta) const {
  const bool unchanged = study_.existed && study_.exists() &&
                         study_.attributes.data_set == study_.attributes_before.data_set &&
                         study_.counts.modalities == study_.counts_before.modalities;
  if (unchanged) return;
  const dicom::DataSetView before(study_.attributes_before.data_set);
  const dicom::DataSetView after(study_.attributes.data_set);
  std::vector<std::string> old_keys;
  std::vector<std::string> new_keys;
  std::string old_patient;
  std::string new_patient;
  std::string moment;
  bool moved = false;
  if (study_.existed) {
    old_keys = secondary_keys(uid_, before, study_.counts_before.modalities);
    old_patient = patient_key_prefix(before) + uid_;
    moment = newest_first_value(before);
  }
  if (study_.exists()) {
    new_keys = secondary_keys(uid_, after, study_.counts.modalities);
    new_patient = patient_key_prefix(after) + uid_;
    // Every key carries it.
    if (auto new_moment = newest_first_value(after); moment != new_moment) {
      moment = std::move(new_moment);
      moved = true;
    }
  }
  std::vector<std::string> gone;
  std::vector<std::string> come;
  std::set_difference(old_keys.begin(), old_keys.end(), new_keys.begin(), new_keys.end(), std::back_inserter(gone));
  std::set_difference(new_keys.begin(), new_keys.end(), old_keys.begin(), old_keys.end(), std::back_inserter(come));
  const auto count_day = [&](const std::string& key, int by) {
    if (key.starts_with(tag_prefix(dicom::kStudyDate))) delta.days[day_key(value_of_secondary_key(key))] += by;
  };
  for (const auto& key : gone) {
    batch.Delete(database_[Family::keys], key);
    count_day(key, -1);
  }
  for (const auto& key : come) count_day(key, 1);
  for (const auto& key : moved ? new_keys : come) batch.Put(database_[Family::keys], key, packed_moment(moment));
  if (old_patient == new_patient) return;
  if (!old_patient.empty()) batch.Delete(database_[Family::patients], old_patient);
  if (!new_patient.empty()) batch.Put(database_[Family::patients], new_patient, {});
}

}  // namespace fermata::index_rocksdb
