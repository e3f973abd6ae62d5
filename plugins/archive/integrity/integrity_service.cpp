#include "integrity/integrity_service.hpp"

#include <optional>

#include "file_meta.hpp"
#include "integrity/healing.hpp"
#include "integrity/verify.hpp"
#include "refusal.hpp"

namespace fermata::archive {
namespace {

/// More missing blobs than this in one walk are no accident of single files: perhaps a disk is not mounted.
constexpr uint64_t kMostForgotten = 100;

std::optional<StoredObject> find_with_header(Index& index, std::string_view sop_instance_uid) {
  Selection selection;
  selection.sop_instance_uids = std::span(&sop_instance_uid, 1);
  selection.with_headers = true;
  const auto cursor = index.instances(selection);
  InstanceRecord record;
  if (!cursor->next(record)) return {};
  return StoredObject::from(record);
}

class Walk final : public IntegrityWalk {
 public:
  Walk(Ingest& ingest, StateStore& state, std::string_view after, std::unique_ptr<ObjectCopies> copies,
       std::atomic<bool>& walking)
      : ingest_(ingest),
        trash_(state),
        copies_(std::move(copies)),
        healing_(ingest, *copies_, [this](const std::string& key) { return is_elsewhere(key); }),
        walking_(walking),
        resumed_(!after.empty()),
        end_(ingest.keys.settled()),
        blobs_(ingest.blobs.list(after)) {}
  ~Walk() override { walking_ = false; }
  Walk(const Walk&) = delete;
  Walk& operator=(const Walk&) = delete;

  bool next(Finding& finding) override {
    done_.clear();
    problem_.clear();
    if (blobs_) {
      if (next_blob(finding)) return true;
      blobs_.reset();
      records_ = ingest_.index.instances({});
    }
    if (records_) {
      if (next_record(finding)) return true;
      records_.reset();
    }
    return next_unreadable(finding);
  }

 private:
  bool next_blob(Finding& finding) {
    BlobEntry entry;
    while (blobs_->next(entry)) {
      key_ = entry.key;
      // What is on its way has no record yet.
      if (is_quarantined(key_) || (BlobKeys::is_own(key_) && !end_.empty() && key_ > end_)) continue;
      finding = looked_at(entry.length);
      return true;
    }
    return false;
  }

  Finding looked_at(uint64_t length) {
    try {
      const auto uid = uid_in(key_);
      if (!uid) return unread_until_later(length);
      const auto record = find_with_header(ingest_.index, *uid);
      if (!record || record->blob_key != key_) return orphan(length);
      return compared(*record, length);
    } catch (const Error& error) {
      if (error.code() != Code::not_found) throw;
      return result(length);  // it was removed meanwhile
    }
  }

  /// Nothing if the beginning of the blob can't be read.
  std::optional<std::string> uid_in(const std::string& key) {
    try {
      return read_file_meta(*ingest_.blobs.open(key)).meta.sop_instance_uid;
    } catch (const Error& error) {
      if (error.code() == Code::corrupt || error.code() == Code::io) return {};
      throw;
    }
  }

  /// Only the records tell whose it is.
  Finding unread_until_later(uint64_t length) {
    unreadable_.insert(key_);
    return result(length);
  }

  Finding compared(const StoredObject& record, uint64_t length) {
    std::optional<StoredObject> stored;
    try {
      stored = inspect_blob(ingest_.blobs, key_, ingest_.settings.limits);
      problem_ = difference(*stored, record.record());
    } catch (const Refused& refused) {
      problem_ = std::string("it is damaged: ") + refused.what();
    } catch (const Error& error) {
      if (error.code() == Code::not_found) throw;
      problem_ = error.what();
    }
    if (problem_.empty()) return result(length);
    const bool blob_is_right =
        stored && stored->checksum == record.checksum && stored->blob_length == record.blob_length;
    heal([&] { return blob_is_right ? healing_.index_again(record, *stored) : healing_.repair(record); });
    return result(length);
  }

  Finding orphan(uint64_t length) {
    if (is_elsewhere(key_)) return result(length);
    heal([&] { return healing_.settle_orphan(key_); });
    if (!done_.empty()) problem_ = "the index doesn't know it";
    return result(length);
  }

  bool next_record(Finding& finding) {
    InstanceRecord record;
    while (records_->next(record)) {
      key_ = record.blob_key;
      const bool missing = !exists(ingest_.blobs, key_);
      const bool damaged = unreadable_.erase(key_) != 0 || (resumed_ && !missing && !uid_in(key_));
      if (!missing && !damaged) continue;
      // The cursor is on a snapshot: the record as it is now decides.
      const auto now = find_with_header(ingest_.index, record.sop_instance_uid);
      if (!now || now->blob_key != key_) continue;
      problem_ = missing ? "it is missing" : "it is damaged from the beginning on";
      heal([&] { return healing_.repair(*now); });
      if (done_.empty() && missing && ++forgotten_ <= kMostForgotten) heal([&] { return healing_.forget(*now); });
      finding = result(0);
      return true;
    }
    return false;
  }

  bool next_unreadable(Finding& finding) {
    while (!unreadable_.empty()) {
      key_ = unreadable_.extract(unreadable_.begin()).value();
      if (is_elsewhere(key_) || !exists(ingest_.blobs, key_)) continue;
      problem_ = "it is no DICOM file, and the index doesn't know it";
      heal([&] { return healing_.settle_orphan(key_); });
      finding = result(0);
      return true;
    }
    return false;
  }

  /// In the trash, or about to be removed.
  bool is_elsewhere(const std::string& key) {
    if (ingest_.deletions.plans(key)) return true;
    TrashedBlobs trashed;
    trashed.load(trash_);
    return trashed.contains(key);
  }

  template <class Step>
  void heal(Step step) {
    try {
      if (auto did = step()) done_ = *std::move(did);
    } catch (const Error& error) {
      // One that can't be healed now must not keep the others from being looked at.
      if (error.code() != Code::unavailable && error.code() != Code::no_space && error.code() != Code::io) throw;
      problem_ += std::string(problem_.empty() ? "" : "; ") + "it can't be put right: " + error.what();
    }
  }

  Finding result(uint64_t length) {
    const auto state = !done_.empty()     ? Finding::State::healed
                       : problem_.empty() ? Finding::State::good
                                          : Finding::State::open;
    return {state, key_, length, problem_, done_};
  }

  Ingest& ingest_;
  TrashRecords trash_;
  const std::unique_ptr<ObjectCopies> copies_;
  Healing healing_;
  std::atomic<bool>& walking_;
  const bool resumed_;
  const std::string end_;
  std::unique_ptr<BlobCursor> blobs_;
  std::unique_ptr<InstanceCursor> records_;
  std::set<std::string> unreadable_;
  uint64_t forgotten_ = 0;
  std::string key_;
  std::string problem_;
  std::string done_;
};

}  // namespace

std::unique_ptr<IntegrityWalk> IntegrityService::walk(std::string_view after, std::unique_ptr<ObjectCopies> copies) {
  if (walking_.exchange(true)) throw Error(Code::conflict, "the archive is being verified already");
  try {
    return std::make_unique<Walk>(ingest_, state_, after, std::move(copies), walking_);
  } catch (...) {
    walking_ = false;
    throw;
  }
}

}  // namespace fermata::archive
