#include "ingest/placement.hpp"

#include <utility>

#include "fermata/free_memory.hpp"
#include "refusal.hpp"

namespace fermata::archive {
namespace {

constexpr std::size_t kLargeHeader = 1 << 20;

}  // namespace

Placement::Placement(Ingest& ingest, StoredObject& object, std::unique_ptr<BlobWriter> writer, BlobKeys::Lease* lease)
    : ingest_(ingest),
      object_(object),
      lease_(lease),
      writer_(std::move(writer)),
      claim_(ingest.claims.acquire(object.identity.sop_instance)) {}

Placement::Kind Placement::place() {
  const auto existing = find_instance(ingest_.index, object_.identity.sop_instance);
  const auto kind = existing ? kind_of_duplicate(*existing) : Kind::stored;
  if (kind != Kind::stored && kind != Kind::replaced) return kind;
  if (!writer_) throw Refused(StoreOutcome::Refusal::failure, "the stored object was removed meanwhile: send it again");
  commit_blob();
  existing ? index_replacement(*existing) : index_new();
  return kind;
}

Placement::Kind Placement::kind_of_duplicate(const StoredObject& existing) const {
  if (existing.same_bytes(object_)) return Kind::identical;
  switch (ingest_.settings.duplicates) {
    case DuplicatePolicy::replace:
      return Kind::replaced;
    case DuplicatePolicy::keep_first:
      return Kind::kept_first;
    case DuplicatePolicy::reject:
      break;
  }
  throw Refused(StoreOutcome::Refusal::duplicate, "another object with this SOP Instance UID is stored");
}

void Placement::commit_blob() {
  undo_blob_on_error([&] { writer_->commit(); });
  writer_.reset();
}

void Placement::index_new() {
  undo_blob_on_error([&] {
    const auto transaction = ingest_.index.begin(object_.identity.study);
    transaction->upsert(object_.record());
    let_go_of_header();
    transaction->commit();
  });
}

/// The transaction has a copy. Of a large header that is enough.
void Placement::let_go_of_header() {
  if (object_.header.size() > kLargeHeader) free_memory(object_.header);
}

/// The plan to remove the old blob is durable before the index forgets it. See docs/adr/0002-recovery.md for what an
/// end between any two of these steps leaves behind.
void Placement::index_replacement(const StoredObject& existing) {
  const DeletionJournal::Removal removal{existing.blob_key, existing.identity.study, existing.identity.sop_instance,
                                         object_.blob_key};
  std::string plan;
  undo_blob_on_error([&] { plan = ingest_.deletions.plan({&removal, 1}); });
  try {
    undo_blob_on_error([&] {
      if (existing.identity.study != object_.identity.study || existing.identity.series != object_.identity.series) {
        const auto removing = ingest_.index.begin(existing.identity.study);
        removing->remove(existing.identity.sop_instance);
        removing->commit();
      }
      const auto transaction = ingest_.index.begin(object_.identity.study);
      transaction->upsert(object_.record());
      let_go_of_header();
      transaction->commit();
    });
  } catch (...) {
    ingest_.deletions.cancel(plan);
    restore(existing);
    throw;
  }
  try {
    ingest_.deletions.finish_replacement(plan, removal);
  } catch (const std::exception& error) {
    ingest_.journal.log(LogLevel::warning, std::string("a replaced blob stays until the next start: ") + error.what(),
                        {{"blob", existing.blob_key}});
  }
}

/// Brings back the record that a failed replacement may have taken away.
void Placement::restore(const StoredObject& existing) {
  if (find_instance(ingest_.index, existing.identity.sop_instance)) return;
  const auto object = inspect_blob(ingest_.blobs, existing.blob_key, ingest_.settings.limits);
  const auto transaction = ingest_.index.begin(object.identity.study);
  transaction->upsert(object.record());
  transaction->commit();
}

template <class Step>
void Placement::undo_blob_on_error(Step&& step) {
  try {
    step();
  } catch (const std::exception& error) {
    undo_blob();  // before anything that takes memory
    ingest_.journal.log(LogLevel::error, std::string("an object could not be stored: ") + error.what(),
                        {{"sop_instance_uid", object_.identity.sop_instance}, {"blob", object_.blob_key}});
    throw;
  }
}

/// What was refused must not turn up later. If even that fails, nobody may rely on this instance until recovery has
/// seen what is there.
void Placement::undo_blob() {
  writer_.reset();
  try {
    const auto indexed = find_instance(ingest_.index, object_.identity.sop_instance);
    if (indexed && indexed->blob_key == object_.blob_key) {
      const auto transaction = ingest_.index.begin(object_.identity.study);
      transaction->remove(object_.identity.sop_instance);
      transaction->commit();
    }
    if (exists(ingest_.blobs, object_.blob_key)) {
      ingest_.blobs.remove(object_.blob_key);
      ingest_.blobs.sync();
    }
  } catch (const std::exception&) {
    lease_->leave_in_doubt();
    claim_.leave_in_doubt();
  }
}

}  // namespace fermata::archive
