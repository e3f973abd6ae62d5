#include "integrity/repair_operation.hpp"

#include <algorithm>

#include "data-set/canonical_header.hpp"
#include "file_meta.hpp"
#include "integrity/healing.hpp"
#include "refusal.hpp"

namespace fermata::archive {
namespace {

using Refusal = StoreOutcome::Refusal;

bool same_lengths(const std::vector<BulkValue>& a, const std::vector<BulkValue>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const BulkValue& x, const BulkValue& y) {
    return x.tag == y.tag && x.vr[0] == y.vr[0] && x.vr[1] == y.vr[1] && x.length == y.length;
  });
}

}  // namespace

RepairOperation::RepairOperation(Ingest& ingest, const StoreRequest& request, std::shared_ptr<AwaitedObject> awaited)
    : ingest_(ingest),
      otherwise_(ingest, request),
      awaited_(std::move(awaited)),
      memory_(ingest.headers),
      scanner_(request.transfer_syntax_uid, ingest.settings.limits, this) {
  ++ingest_.running;
  guarded([&] {
    if (request.transfer_syntax_uid != awaited_->record.transfer_syntax_uid)
      throw Refused(Refusal::duplicate, "it came in another transfer syntax");
    open_blob();
  });
}

RepairOperation::~RepairOperation() {
  writer_.reset();
  lease_.reset();
  --ingest_.running;
}

/// What stands before the data set is as it was: so the index that is made anew from the blobs is the same.
void RepairOperation::open_blob() {
  const auto& record = awaited_->record;
  const FileMeta meta{record.identity.sop_class, record.identity.sop_instance, record.transfer_syntax_uid,
                      record.source_ae_title, record.received_us};
  const auto head = meta.encode();
  lease_.emplace(ingest_.keys.next());
  writer_ = ingest_.blobs.create(lease_->key());
  writer_->append(head);
  data_set_offset_ = head.size();
}

void RepairOperation::append(std::span<const std::byte> data) {
  otherwise_.append(data);
  if (refusal_ != Refusal::none) return;
  guarded([&] {
    if (ingest_.stopping) throw Refused(Refusal::stopping, "the archive is stopping");
    scanner_.feed(data);
    checksum_.add(data);
    writer_->append(data);
    length_ += data.size();
  });
}

StoreOutcome RepairOperation::finish() {
  if (refusal_ == Refusal::none) guarded([&] { replace(received()); });
  if (refusal_ != Refusal::none)
    ingest_.journal.log(LogLevel::warning, "an object came in that is not the one that is damaged here: " + reason_,
                        {{"sop_instance_uid", awaited_->record.identity.sop_instance}});
  if (refusal_ == Refusal::duplicate) return otherwise_.finish();
  StoreOutcome outcome;
  const auto& identity = awaited_->record.identity;
  outcome.kind = refusal_ == Refusal::none ? StoreOutcome::Kind::identical : StoreOutcome::Kind::refused;
  outcome.refusal = refusal_;
  outcome.reason = reason_;
  outcome.study_instance_uid = identity.study;
  outcome.series_instance_uid = identity.series;
  outcome.sop_instance_uid = identity.sop_instance;
  outcome.sop_class_uid = identity.sop_class;
  return outcome;
}

StoredObject RepairOperation::received() {
  scanner_.finish();
  auto object = awaited_->record;
  object.header =
      canonical_header(scanner_.captured(), scanner_.encoding().elements, ingest_.settings.limits.header).bytes;
  object.identity = Identity::of(object.header);
  object.blob_key = lease_->key();
  object.data_set_offset = data_set_offset_;
  object.blob_length = data_set_offset_ + length_;
  object.checksum = checksum_.value();
  object.bulk = scanner_.bulk();
  return object;
}

/// What was found out about it, for people. **Errors**: Refused.
std::string RepairOperation::compared(const StoredObject& object) const {
  const auto& record = awaited_->record;
  if (object.checksum == record.checksum) return "its checksum is the one at receipt";
  if (object.header != record.header) throw Refused(Refusal::duplicate, "its header is another one");
  if (!same_lengths(object.bulk, record.bulk)) throw Refused(Refusal::duplicate, "its pixel data has another length");
  return "it is encoded anew, its header is the same, and its pixel data can't be compared";
}

void RepairOperation::replace(const StoredObject& object) {
  const auto found_out = compared(object);
  const auto claim = ingest_.claims.acquire(awaited_->record.identity.sop_instance);
  if (!still_names(ingest_.index, awaited_->record))
    throw Refused(Refusal::duplicate, "the stored object was changed meanwhile");
  writer_->commit();
  writer_.reset();
  change_blob(ingest_, awaited_->record, object);
  awaited_->came(found_out);
}

void RepairOperation::refuse(Refusal refusal, const std::string& reason) {
  refusal_ = refusal;
  reason_ = reason;
  awaited_->was_refused(reason);
  writer_.reset();
  scanner_.forget();
  memory_.give_back();
}

template <class Step>
void RepairOperation::guarded(Step step) {
  try {
    step();
  } catch (const Refused& refused) {
    refuse(refused.refusal(), refused.what());
  } catch (const std::exception& error) {
    ingest_.journal.log(LogLevel::error, error.what(), {{"sop_instance_uid", awaited_->record.identity.sop_instance}});
    refuse(Refusal::failure, "the archive's storage has failed");
  }
}

}  // namespace fermata::archive
