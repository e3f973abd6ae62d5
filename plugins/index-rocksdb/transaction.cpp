#include "transaction.hpp"

#include <algorithm>
#include <iterator>

#include "attributes.hpp"
#include "encoding.hpp"
#include "secondary_keys.hpp"

namespace fermata::index_rocksdb {
namespace {

/// One occurrence of a value becomes one of another; empty means none.
void move(Tally& tally, const std::string& from, const std::string& to) {
  if (from == to) return;
  if (!from.empty()) tally.remove(from);
  if (!to.empty()) tally.add(to);
}

std::string modality_of(std::span<const std::byte> series_attributes) {
  return std::string(dicom::DataSetView(series_attributes).text(dicom::kModality));
}

}  // namespace

RocksTransaction::RocksTransaction(Database& database, Ledger& ledger, StudyLocks& locks, std::string_view study)
    : database_(database),
      ledger_(ledger),
      lock_(locks, study),
      uid_(study),
      since_(ledger.sequence()),
      study_(load(study_key(study), study_counts_key(study))) {}

RocksTransaction::Entity RocksTransaction::load(const std::string& key, const std::string& counts_key) const {
  Entity entity;
  std::string value;
  if (!database_.get(Family::records, counts_key, value)) return entity;
  entity.existed = true;
  entity.counts = decode_counts(counts_key, value);
  if (!database_.get(Family::records, key, value)) value = encode_attributes({});
  const auto attributes = decode_attributes(key, value);
  entity.attributes.assign(attributes.begin(), attributes.end());
  entity.attributes_before = entity.attributes;
  entity.counts_before = entity.counts;
  return entity;
}

RocksTransaction::Entity& RocksTransaction::series(const std::string& uid) {
  const auto known = series_.find(uid);
  if (known != series_.end()) return known->second;
  return series_.emplace(uid, load(series_key(uid_, uid), series_counts_key(uid_, uid))).first->second;
}

RocksTransaction::Instance& RocksTransaction::instance(std::string_view uid) {
  const auto known = instances_.find(uid);
  if (known != instances_.end()) return known->second;
  Instance found;
  std::string value;
  if (database_.get(Family::uids, instance_uid_key(uid), value)) {
    const auto place = decode_place(uid, value);
    if (place.study != uid_)
      throw Error(Code::conflict, "instance " + std::string(uid) + " is stored under study " + place.study +
                                      " already, not under " + uid_);
    found.before = read(place.series, place.number, uid);
    found.after = found.before;
  }
  touched_.emplace_back(uid);
  return instances_.emplace(std::string(uid), std::move(found)).first->second;
}

RocksTransaction::Version RocksTransaction::read(const std::string& series, uint32_t number,
                                                 std::string_view uid) const {
  const std::string key = instance_key(uid_, series, number, uid);
  Version version{series, number};
  if (!database_.get(Family::records, key, version.record) || !database_.get(Family::headers, key, version.header))
    throw Error(Code::corrupt, "the index lacks the record of instance " + std::string(uid) + ": run `fermata reindex`");
  std::vector<BulkValue> bulk;
  std::string blob_key;
  std::string uids;
  const auto record = decode_instance(key, version.record, bulk, blob_key, uids);
  version.sop_class = record.sop_class_uid;
  version.blob_length = record.blob_length;
  return version;
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
  check_valid(record);
  auto& touched = instance(record.sop_instance_uid);
  if (touched.after && touched.after->series != record.series_instance_uid)
    throw Error(Code::conflict, "instance " + std::string(record.sop_instance_uid) + " is stored under series " +
                                    touched.after->series + " already, not under " +
                                    std::string(record.series_instance_uid));
  Version version{std::string(record.series_instance_uid),
                  sortable_number(dicom::DataSetView(record.header).text(dicom::kInstanceNumber)),
                  encode_instance(record),
                  std::string(chars(record.header)),
                  std::string(record.sop_class_uid),
                  record.blob_length};
  if (!touched.after)
    insert(version);
  else if (touched.after->record != version.record || touched.after->header != version.header)
    replace(*touched.after, version);
  touched.after = std::move(version);
}

bool RocksTransaction::remove(std::string_view sop_instance_uid) {
  if (sop_instance_uid.empty() || sop_instance_uid.size() > kMaximumUid) return false;
  const auto known = instances_.find(sop_instance_uid);
  if (known == instances_.end()) {
    std::string value;
    if (!database_.get(Family::uids, instance_uid_key(sop_instance_uid), value)) return false;
    if (decode_place(sop_instance_uid, value).study != uid_) return false;
  }
  auto& touched = instance(sop_instance_uid);
  if (!touched.after) return false;
  erase(*touched.after);
  touched.after.reset();
  return true;
}

void RocksTransaction::insert(const Version& version) {
  auto& in = series(version.series);
  if (!study_.exists()) study_.attributes.clear();
  std::string modality;
  if (in.exists()) {
    modality = modality_of(in.attributes);
  } else {
    in.attributes.clear();
    ++study_.counts.series;
  }
  ++study_.counts.instances;
  ++in.counts.instances;
  move(study_.counts.sop_classes, {}, version.sop_class);
  describe(in, dicom::DataSetView(bytes(version.header)));
  move(study_.counts.modalities, modality, modality_of(in.attributes));
}

void RocksTransaction::replace(const Version& old_version, const Version& new_version) {
  auto& in = series(new_version.series);
  const std::string modality = modality_of(in.attributes);
  const dicom::DataSetView before(bytes(old_version.header));
  const dicom::DataSetView after(bytes(new_version.header));
  follow_replacement(study_.attributes, before, after, study_attributes());
  follow_replacement(in.attributes, before, after, series_attributes());
  describe(in, after);
  move(study_.counts.modalities, modality, modality_of(in.attributes));
  move(study_.counts.sop_classes, old_version.sop_class, new_version.sop_class);
}

void RocksTransaction::erase(const Version& version) {
  auto& in = series(version.series);
  --study_.counts.instances;
  --in.counts.instances;
  move(study_.counts.sop_classes, version.sop_class, {});
  if (in.exists()) return;
  move(study_.counts.modalities, modality_of(in.attributes), {});
  --study_.counts.series;
}

void RocksTransaction::describe(Entity& series, dicom::DataSetView header) {
  fill_blanks(study_.attributes, header, study_attributes());
  fill_blanks(series.attributes, header, series_attributes());
}

void RocksTransaction::commit() {
  if (committed_) throw Error(Code::invalid, "a transaction on study " + uid_ + " was committed twice");
  rocksdb::WriteBatch batch;
  std::vector<PendingChange> changes;
  std::vector<std::string_view> claimed;
  StatisticsDelta delta;
  for (const auto& uid : touched_) {
    const auto& i = instances_.find(uid)->second;
    if (!i.before && !i.after) continue;
    if (i.before && i.after && i.before->record == i.after->record && i.before->header == i.after->header) continue;
    if (!i.before) claimed.push_back(uid);
    changes.push_back({!i.before  ? Change::Kind::stored
                       : !i.after ? Change::Kind::removed
                                  : Change::Kind::replaced,
                       i.after ? i.after->series : i.before->series, uid});
    delta.instances += (i.after ? 1 : 0) - (i.before ? 1 : 0);
    delta.bytes += static_cast<int64_t>(i.after ? i.after->blob_length : 0) -
                   static_cast<int64_t>(i.before ? i.before->blob_length : 0);
    put(batch, uid, i);
  }
  committed_ = true;
  if (changes.empty()) return;
  for (const auto& [uid, entity] : series_) {
    put(batch, entity, series_key(uid_, uid), series_counts_key(uid_, uid));
    if (entity.existed && !entity.exists()) batch.Delete(database_[Family::uids], series_uid_key(uid, uid_));
    if (!entity.existed && entity.exists()) batch.Put(database_[Family::uids], series_uid_key(uid, uid_), {});
    delta.series += (entity.exists() ? 1 : 0) - (entity.existed ? 1 : 0);
  }
  put(batch, study_, study_key(uid_), study_counts_key(uid_));
  put_secondary_keys(batch);
  delta.studies += (study_.exists() ? 1 : 0) - (study_.existed ? 1 : 0);
  ledger_.commit(batch, uid_, changes, delta, claimed, since_);
}

void RocksTransaction::put(rocksdb::WriteBatch& batch, const std::string& uid, const Instance& i) const {
  const auto place = [](const std::optional<Version>& v) {
    return v ? std::pair(v->series, v->number) : std::pair(std::string{}, uint32_t{0});
  };
  const bool moved = i.before && (!i.after || place(i.before) != place(i.after));
  if (moved) {
    const auto key = instance_key(uid_, i.before->series, i.before->number, uid);
    batch.Delete(database_[Family::records], key);
    batch.Delete(database_[Family::headers], key);
    if (!i.after) batch.Delete(database_[Family::uids], instance_uid_key(uid));
  }
  if (!i.after) return;
  const auto key = instance_key(uid_, i.after->series, i.after->number, uid);
  batch.Put(database_[Family::records], key, i.after->record);
  batch.Put(database_[Family::headers], key, i.after->header);
  if (moved || !i.before)
    batch.Put(database_[Family::uids], instance_uid_key(uid), encode_place(uid_, i.after->series, i.after->number));
}

void RocksTransaction::put(rocksdb::WriteBatch& batch, const Entity& entity, const std::string& key,
                           const std::string& counts_key) const {
  auto* records = database_[Family::records];
  if (!entity.exists()) {
    if (!entity.existed) return;
    batch.Delete(records, key);
    batch.Delete(records, counts_key);
    return;
  }
  if (!entity.existed || entity.attributes != entity.attributes_before)
    batch.Put(records, key, encode_attributes(entity.attributes));
  if (!entity.existed || !(entity.counts == entity.counts_before))
    batch.Put(records, counts_key, encode_counts(entity.counts));
}

void RocksTransaction::put_secondary_keys(rocksdb::WriteBatch& batch) const {
  const bool unchanged = study_.existed && study_.exists() && study_.attributes == study_.attributes_before &&
                         study_.counts.modalities == study_.counts_before.modalities;
  if (unchanged) return;
  const dicom::DataSetView before(study_.attributes_before);
  const dicom::DataSetView after(study_.attributes);
  std::vector<std::string> old_keys;
  std::vector<std::string> new_keys;
  std::string old_patient;
  std::string new_patient;
  if (study_.existed) {
    old_keys = secondary_keys(uid_, before, study_.counts_before.modalities);
    old_patient = patient_key_prefix(before) + uid_;
  }
  if (study_.exists()) {
    new_keys = secondary_keys(uid_, after, study_.counts.modalities);
    new_patient = patient_key_prefix(after) + uid_;
  }
  std::vector<std::string> gone;
  std::vector<std::string> come;
  std::set_difference(old_keys.begin(), old_keys.end(), new_keys.begin(), new_keys.end(), std::back_inserter(gone));
  std::set_difference(new_keys.begin(), new_keys.end(), old_keys.begin(), old_keys.end(), std::back_inserter(come));
  for (const auto& key : gone) batch.Delete(database_[Family::keys], key);
  for (const auto& key : come) batch.Put(database_[Family::keys], key, {});
  if (old_patient == new_patient) return;
  if (!old_patient.empty()) batch.Delete(database_[Family::patients], old_patient);
  if (!new_patient.empty()) batch.Put(database_[Family::patients], new_patient, {});
}

}  // namespace fermata::index_rocksdb
