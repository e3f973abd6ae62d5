#include "transaction.hpp"

#include "attributes.hpp"
#include "encoding.hpp"
#include "fermata/dicom/data_set_view.hpp"
#include "study_difference.hpp"

namespace fermata::index_rocksdb {

using dicom::AttributeLevel;

namespace {

void describe(Entity& entity, std::string_view uid, const TouchedStudy::Version& version, AttributeLevel level) {
  if (entity.attributes.origin.empty()) entity.attributes.origin = uid;
  fill_blanks(entity.attributes.data_set, dicom::DataSetView(bytes(version.header)), kept_attributes(level));
}

}  // namespace

RocksTransaction::RocksTransaction(Database& database, Ledger& ledger, StudyLocks& locks, std::string_view study)
    : database_(database),
      ledger_(ledger),
      lock_(locks, study),
      since_(ledger.sequence()),
      touched_(database, study, lock_.take(study)) {}

void RocksTransaction::check_open() const {
  if (committed_)
    throw Error(Code::invalid, "the transaction on study " + touched_.uid() + " is over: begin another one");
}

void RocksTransaction::check_valid(const InstanceRecord& record) const {
  check_uid(record.study_instance_uid, "Study Instance UID");
  check_uid(record.series_instance_uid, "Series Instance UID");
  check_uid(record.sop_instance_uid, "SOP Instance UID");
  if (record.study_instance_uid != touched_.uid())
    throw Error(Code::invalid, "instance " + std::string(record.sop_instance_uid) + " belongs to study " +
                                   std::string(record.study_instance_uid) + ", and this transaction is about " +
                                   touched_.uid());
  try {
    for (const auto& element : dicom::DataSetView(record.header)) static_cast<void>(element);
  } catch (const Error&) {
    throw Error(Code::invalid, "the header of instance " + std::string(record.sop_instance_uid) +
                                   " is no data set in Explicit VR Little Endian");
  }
}

void RocksTransaction::upsert(const InstanceRecord& record) {
  check_open();
  check_valid(record);
  auto& touched = touched_.instance(record.sop_instance_uid);
  if (touched.after && touched.after->series != record.series_instance_uid)
    throw Error(Code::conflict, "instance " + std::string(record.sop_instance_uid) + " is stored under series " +
                                    touched.after->series + " already, not under " +
                                    std::string(record.series_instance_uid));
  TouchedStudy::Version version;
  version.series = record.series_instance_uid;
  version.number = sortable_number(dicom::DataSetView(record.header).text(dicom::kInstanceNumber));
  // The study's lock is held, so later transactions on it begin at a later sequence.
  const auto& known = touched.after ? touched.after : touched.before;
  version.arrival = known ? known->arrival : since_ + touched_.order().size();
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
  check_open();
  auto* touched = touched_.instance_to_remove(sop_instance_uid);
  if (touched == nullptr) return false;
  erase(*touched->after);
  touched->after.reset();
  return true;
}

void RocksTransaction::insert(const TouchedStudy::Version& version, std::string_view uid) {
  auto& study = touched_.study();
  auto& in = touched_.series(version.series);
  for (auto* entity : {&study, &in})
    if (!entity->exists()) entity->attributes = {};
  ++study.counts.instances;
  ++in.counts.instances;
  study.counts.sop_classes.recount({}, version.sop_class);
  describe(study, uid, version, AttributeLevel::study);
  describe(in, uid, version, AttributeLevel::series);
}

void RocksTransaction::replace(const TouchedStudy::Version& old_version, const TouchedStudy::Version& new_version) {
  auto& study = touched_.study();
  study.counts.sop_classes.recount(old_version.sop_class, new_version.sop_class);
  if (old_version.header == new_version.header) return;
  auto& in = touched_.series(new_version.series);
  study.in_doubt = true;
  in.in_doubt = true;
  describe(study, {}, new_version, AttributeLevel::study);
  describe(in, {}, new_version, AttributeLevel::series);
}

void RocksTransaction::erase(const TouchedStudy::Version& version) {
  auto& study = touched_.study();
  auto& in = touched_.series(version.series);
  --study.counts.instances;
  --in.counts.instances;
  study.counts.sop_classes.recount(version.sop_class, {});
  study.in_doubt = true;
  in.in_doubt = true;
}

void RocksTransaction::commit() {
  check_open();
  committed_ = true;
  StudyDifference difference(database_, touched_);
  if (!difference.put_instances()) return;
  touched_.settle();
  difference.put_study();
  touched_.forget_headers();  // they are in the batch
  ledger_.commit(difference.commit(since_));
  if (auto recent = touched_.take_recent(); !recent.study.empty()) lock_.give_back(std::move(recent));
}

}  // namespace fermata::index_rocksdb
