#include "trash/restoring.hpp"

#include <map>

#include "blob_removal.hpp"
#include "refusal.hpp"

namespace fermata::archive {
namespace {

constexpr std::size_t kBatchSize = std::size_t{64} << 20;
constexpr std::size_t kRecordSize = 1000;  // about what a StoredObject takes beside its header

}  // namespace

uint64_t Restoring::run() {
  for (auto part = record_.parts.rbegin(); part != record_.parts.rend(); ++part)
    for (uint64_t number = 1; number <= part->pages; ++number)
      for (const auto& instance : records_.page(record_.study, *part, number)) consider(instance);
  index_batch();
  remove_losers();
  records_.erase(record_);
  return restored_;
}

void Restoring::consider(const TrashedInstance& instance) {
  if (stopping_) throw Error(Code::unavailable, "the archive is stopping: the study is restored after the next start");
  const auto indexed = find_instance(ingest_.index, instance.sop_instance);
  if (indexed && indexed->blob_key == instance.blob_key) {
    ++restored_;
    return;
  }
  try {
    auto object = inspect_blob(ingest_.blobs, instance.blob_key, ingest_.settings.limits);
    if (object.identity.study != record_.study) throw Error(Code::corrupt, "it holds an instance of another study");
    batch_size_ += object.header.size() + kRecordSize;
    batch_.push_back(std::move(object));
  } catch (const Refused& refused) {
    report(LogLevel::error, std::string("a blob is damaged and not restored: ") + refused.what(), instance.blob_key);
  } catch (const Error& error) {
    if (error.code() != Code::corrupt && error.code() != Code::not_found) throw;
    report(LogLevel::error, std::string("a blob is not restored: ") + error.what(), instance.blob_key);
  }
  if (batch_size_ >= kBatchSize) index_batch();
}

/// Nobody may decide about these instances while it is looked which of them came again.
void Restoring::index_batch() {
  if (batch_.empty()) return;
  const std::lock_guard lock(removals_);
  std::vector<std::string> uids;
  for (const auto& object : batch_) uids.push_back(object.identity.sop_instance);
  const auto claims = ingest_.claims.acquire_all(std::move(uids));

  std::map<std::string_view, const StoredObject*> chosen;  // the latest discarded of each instance comes first
  for (const auto& object : batch_) {
    auto& place = chosen[object.identity.sop_instance];
    if (!outdone(object, place)) place = &object;
  }
  const auto transaction = ingest_.index.begin(record_.study);
  uint64_t count = 0;
  for (const auto& [uid, object] : chosen) {
    if (object == nullptr) continue;
    transaction->upsert(object->record());
    ++count;
  }
  transaction->commit();
  restored_ += count;
  batch_.clear();
  batch_size_ = 0;
}

bool Restoring::outdone(const StoredObject& object, const StoredObject* chosen) {
  const auto indexed = chosen == nullptr ? find_instance(ingest_.index, object.identity.sop_instance) : std::nullopt;
  const auto* other = chosen != nullptr ? chosen : indexed ? &*indexed : nullptr;
  if (other == nullptr) return false;
  if (!exists(ingest_.blobs, other->blob_key)) {
    report(LogLevel::error,
           "an instance in the index has lost its blob, and the discarded one is not put in its place: "
           "run `fermata reindex`",
           object.blob_key);
    return true;
  }
  if (!object.same_bytes(*other))
    report(LogLevel::warning,
           "another object with the SOP Instance UID of a discarded one has come: the discarded one is dropped",
           object.blob_key);
  losers_.push_back(object.blob_key);
  return true;
}

/// The trash's record is the plan of their removal: it goes when they are gone for good.
void Restoring::remove_losers() {
  if (losers_.empty()) return;
  ingest_.deletions.settle();
  remove_blobs(ingest_.blobs, losers_);
  ingest_.blobs.sync();
}

void Restoring::report(LogLevel level, std::string_view message, const std::string& blob_key) const {
  ingest_.journal.log(level, message, {{"study_instance_uid", record_.study}, {"blob", blob_key}});
}

}  // namespace fermata::archive
