#include "recovery/blobs_into_index.hpp"

#include <sstream>

#include "file_meta.hpp"
#include "integrity/integrity_service.hpp"
#include "refusal.hpp"

namespace fermata::archive {
namespace {

constexpr std::string_view kFormat = "1";

}  // namespace

std::string ReindexPosition::text() const {
  std::ostringstream text;
  text << kFormat << ' ' << blobs << ' ' << duplicates << ' ' << damaged << ' ' << trashed << '\n' << key;
  return text.str();
}

/// What can't be understood is the beginning: everything is read once more.
ReindexPosition ReindexPosition::from(std::string_view text) {
  std::istringstream in{std::string(text)};
  std::string format;
  ReindexPosition p;
  in >> format >> p.blobs >> p.duplicates >> p.damaged >> p.trashed;
  if (!in || format != kFormat || in.get() != '\n') return {};
  std::getline(in, p.key, '\0');
  return p;
}

BlobsIntoIndex::BlobsIntoIndex(Ingest& ingest, StateStore& state, NewIndex& made)
    : ingest_(ingest), made_(made), end_(ingest.keys.settled()), position_(ReindexPosition::from(made.position())) {
  trashed_.load(TrashRecords(state));
  blobs_ = ingest_.blobs.list(position_.key);
}

bool BlobsIntoIndex::next() {
  BlobEntry entry;
  do {
    if (!blobs_->next(entry)) return false;
  } while (is_quarantined(entry.key));
  position_.key = entry.key;
  ++position_.blobs;
  visit(position_.key);
  return true;
}

void BlobsIntoIndex::save() {
  put_unreadable();
  made_.save(position_.text());
}

void BlobsIntoIndex::visit(const std::string& key) {
  std::optional<StoredObject> found;
  std::string problem;
  std::string uid;
  try {
    uid = read_file_meta(*ingest_.blobs.open(key)).meta.sop_instance_uid;
    found = inspect_blob(ingest_.blobs, key, ingest_.settings.limits);
    uid = found->identity.sop_instance;
  } catch (const Refused& refused) {
    problem = refused.what();
  } catch (const Error& error) {
    if (error.code() == Code::not_found) return;  // it was removed meanwhile
    if (error.code() != Code::corrupt && error.code() != Code::io) throw;
    problem = error.what();
  }
  const auto named = uid.empty() ? std::nullopt : indexed(uid);
  if (named && named->blob_key == key) return keep(*named, found, problem);
  if (uid.empty()) unreadable_.insert(key);
  if (is_no_orphan(key)) return;
  if (!found) return note_damaged(key, problem);
  if (exists(ingest_.blobs, key)) add(*found, named);
}

/// What the index in use says of an instance; a damaged record says nothing.
std::optional<StoredObject> BlobsIntoIndex::indexed(std::string_view sop_instance) {
  try {
    return find_instance(ingest_.index, sop_instance);
  } catch (const Error& error) {
    if (error.code() != Code::corrupt) throw;
    return {};
  }
}

void BlobsIntoIndex::keep(const StoredObject& named, const std::optional<StoredObject>& found,
                          const std::string& problem) {
  if (found && found->checksum == named.checksum) return made_.put(found->record());
  note_damaged(named.blob_key, found ? "its checksum is not the one at receipt" : problem);
  put_old_record(named.identity.sop_instance);
}

/// It is asked last whether the blob exists: a removal whose plan is gone has removed it before.
bool BlobsIntoIndex::is_no_orphan(const std::string& key) {
  if (BlobKeys::is_own(key) && key > end_) return true;
  if (trashed_.contains(key)) {
    ++position_.trashed;
    return true;
  }
  return ingest_.deletions.plans(key);
}

void BlobsIntoIndex::add(const StoredObject& found, const std::optional<StoredObject>& named) {
  if (!loses(found, named)) return made_.put(found.record());
  ++position_.duplicates;
  ingest_.journal.log(LogLevel::warning, "two blobs hold one instance: the other is not indexed",
                      {{"sop_instance_uid", found.identity.sop_instance}, {"other", found.blob_key}});
}

/// What is indexed may have been acknowledged: it stays, if its blob is there.
bool BlobsIntoIndex::loses(const StoredObject& found, const std::optional<StoredObject>& named) {
  if (named && exists(ingest_.blobs, named->blob_key)) return true;
  Selection selection;
  const std::string_view uid = found.identity.sop_instance;
  selection.sop_instance_uids = {&uid, 1};
  const auto cursor = made_.instances(selection);
  InstanceRecord record;
  if (!cursor->next(record) || record.blob_key == found.blob_key || !exists(ingest_.blobs, record.blob_key))
    return false;
  const bool replaces =
      ingest_.settings.duplicates == DuplicatePolicy::replace && !found.same_bytes(StoredObject::from(record));
  return !replaces;
}

void BlobsIntoIndex::put_old_record(const std::string& sop_instance) {
  Selection selection;
  const std::string_view uid = sop_instance;
  selection.sop_instance_uids = {&uid, 1};
  selection.with_headers = true;
  const auto cursor = ingest_.index.instances(selection);
  if (InstanceRecord record; cursor->next(record)) made_.put(record);
}

void BlobsIntoIndex::put_unreadable() {
  if (unreadable_.empty()) return;
  const auto cursor = ingest_.index.instances({});
  for (InstanceRecord record; !unreadable_.empty() && cursor->next(record);)
    if (unreadable_.erase(std::string(record.blob_key)) != 0) put_old_record(std::string(record.sop_instance_uid));
  unreadable_.clear();
}

void BlobsIntoIndex::note_damaged(const std::string& key, const std::string& problem) {
  ++position_.damaged;
  ingest_.journal.log(LogLevel::error, "a blob is damaged: " + problem + "; run `fermata repair`", {{"blob", key}});
}

}  // namespace fermata::archive
