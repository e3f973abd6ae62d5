#include "archive_service.hpp"

#include <map>

#include "ingest/store_operation.hpp"
#include "integrity/repair_operation.hpp"

namespace fermata::archive {
namespace {

constexpr auto kDrainPoll = std::chrono::milliseconds(20);
constexpr auto kProgressInterval = std::chrono::seconds(10);

/// The operation of an archive that takes nothing in.
class RefusingOperation final : public StoreOperation {
 public:
  void append(std::span<const std::byte>) override {}
  StoreOutcome finish() override {
    StoreOutcome outcome;
    outcome.kind = StoreOutcome::Kind::refused;
    outcome.refusal = StoreOutcome::Refusal::stopping;
    outcome.reason = "the archive is stopping";
    return outcome;
  }
};

/// The part of a blob that is the data set.
class DataSetReader final : public ObjectReader {
 public:
  DataSetReader(std::unique_ptr<BlobReader> blob, uint64_t offset) : blob_(std::move(blob)), offset_(offset) {
    if (offset_ > blob_->length())
      throw Error(Code::corrupt, "a blob is shorter than the index says: run `fermata verify`");
  }
  uint64_t length() override { return blob_->length() - offset_; }
  uint64_t read_at(uint64_t offset, std::span<std::byte> into) override {
    return offset >= length() ? 0 : blob_->read_at(offset_ + offset, into);
  }

 private:
  std::unique_ptr<BlobReader> blob_;
  uint64_t offset_;
};

bool selects_everything(const Selection& s) {
  return s.patient_ids.empty() && s.study_instance_uids.empty() && s.series_instance_uids.empty() &&
         s.sop_instance_uids.empty();
}

}  // namespace

ArchiveService::ArchiveService(BlobStore& blobs, Index& index, StateStore& state, std::vector<NamedHook> hooks,
                               Settings settings, Journal journal)
    : blobs_(blobs),
      index_(index),
      state_(state),
      deletions_(blobs, index, state),
      mark_(state),
      ingest_{blobs,
              index,
              deletions_,
              {std::move(hooks), settings.slow_hook, journal},
              settings,
              journal,
              BlobKeys{},
              UidClaims{},
              AwaitedObjects{},
              {settings.headers, settings.limits.header, journal}},
      trash_(ingest_, state, remove_mutex_),
      integrity_(ingest_, state) {}

ArchiveService::~ArchiveService() { drain(std::chrono::milliseconds(0)); }

void ArchiveService::serve() {
  std::call_once(recovered_, [this] { recover(); });
}

void ArchiveService::recover() {
  Recovery recovery(blobs_, index_, state_, ingest_.settings, ingest_.journal);
  auto logged = std::chrono::steady_clock::now();
  const auto report = recovery.run([&](const RecoveryReport& so_far) {
    if (std::chrono::steady_clock::now() - logged < kProgressInterval) return;
    logged = std::chrono::steady_clock::now();
    ingest_.journal.log(LogLevel::info, "recovering",
                        {{"indexed", std::to_string(so_far.indexed)}, {"at", so_far.last_key}});
  });
  if (!report.last_key.empty()) ingest_.keys.raise_floor(report.last_key);
  saved_mark_ = ingest_.keys.settled();
  if (report.last_key.empty()) mark_beginning();
  mark_stop_ = false;
  mark_thread_ = std::thread([this] { keep_mark(); });
  ingest_.stopping = false;
}

/// An archive that is new: without a mark, one that ends soon looks as if it had lost its index.
void ArchiveService::mark_beginning() {
  ingest_.keys.next();
  save_mark();
}

void ArchiveService::drain(std::chrono::milliseconds deadline) {
  ingest_.accepting = false;
  if (!mark_thread_.joinable()) return;
  const auto end = std::chrono::steady_clock::now() + deadline;
  while (ingest_.running != 0 && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(kDrainPoll);
  ingest_.stopping = true;
  {
    const std::lock_guard lock(mark_mutex_);
    mark_stop_ = true;
  }
  mark_wake_.notify_all();
  mark_thread_.join();
}

std::unique_ptr<StoreOperation> ArchiveService::store(const StoreRequest& request) {
  if (ingest_.accepting) serve();
  if (ingest_.stopping || !ingest_.accepting) return std::make_unique<RefusingOperation>();
  if (auto awaited = ingest_.awaited.find(request.sop_instance_uid))
    return std::make_unique<RepairOperation>(ingest_, request, std::move(awaited));
  return std::make_unique<IngestOperation>(ingest_, request);
}

std::unique_ptr<MatchCursor> ArchiveService::find(const Query& query) {
  if (static_cast<uint32_t>(query.level) > static_cast<uint32_t>(Level::image))
    throw Error(Code::invalid, "a query's level is none of PATIENT, STUDY, SERIES and IMAGE");
  return index_.find(query);
}

std::unique_ptr<InstanceCursor> ArchiveService::instances(const Selection& selection) {
  return index_.instances(selection);
}

std::unique_ptr<ObjectReader> ArchiveService::open(const InstanceRecord& record) {
  return std::make_unique<DataSetReader>(blobs_.open(record.blob_key), record.data_set_offset);
}

IndexStatistics ArchiveService::statistics() { return index_.statistics(); }

// Removal ------------------------------------------------------------------------------------------------------------

uint64_t ArchiveService::remove(const Selection& selection) {
  if (selects_everything(selection)) throw Error(Code::invalid, "a removal must say which instances are meant");
  Selection headless = selection;
  headless.with_headers = false;
  uint64_t removed = 0;
  const auto cursor = index_.instances(headless);
  InstanceRecord record;
  for (bool more = true; more;) {
    std::vector<std::string> uids;
    while (uids.size() < ingest_.settings.removal_step && (more = cursor->next(record)))
      uids.emplace_back(record.sop_instance_uid);
    if (!uids.empty()) removed += remove_some(headless, uids);
  }
  return removed;
}

/// Looks at the instances again once they are claimed: one may have been replaced, or moved out of the selection.
uint64_t ArchiveService::remove_some(const Selection& selection, const std::vector<std::string>& uids) {
  std::unique_lock lock(remove_mutex_);
  auto claims = ingest_.claims.acquire_all(uids);
  const std::vector<std::string_view> views(uids.begin(), uids.end());
  Selection again = selection;
  again.sop_instance_uids = views;
  std::vector<DeletionJournal::Removal> removals;
  const auto cursor = index_.instances(again);
  InstanceRecord record;
  while (cursor->next(record))
    removals.push_back({std::string(record.blob_key),
                        std::string(record.study_instance_uid),
                        std::string(record.sop_instance_uid),
                        {}});
  if (removals.empty()) return 0;

  deletions_.settle();
  const auto plan = deletions_.plan(removals);
  remove_from_index(removals);
  claims.clear();
  lock.unlock();  // what has left the index is nobody's: others need not wait for the disk
  index_.sync();
  deletions_.finish(plan, removals);
  return removals.size();
}

void ArchiveService::remove_from_index(const std::vector<DeletionJournal::Removal>& removals) {
  std::map<std::string_view, std::vector<std::string_view>> by_study;
  for (const auto& r : removals) by_study[r.study].push_back(r.sop_instance);
  for (const auto& [study, instances] : by_study) {
    const auto transaction = index_.begin(study);
    for (const auto uid : instances) transaction->remove(uid);
    transaction->commit();
  }
}

// The recovery mark --------------------------------------------------------------------------------------------------

void ArchiveService::save_mark() {
  // Taken before the sync: everything up to it has left ingest, so that the sync covers it.
  const auto settled = ingest_.keys.settled();
  if (settled.empty() || settled == saved_mark_) return;
  index_.sync();
  mark_.write(settled);
  saved_mark_ = settled;
}

void ArchiveService::keep_mark() {
  std::unique_lock lock(mark_mutex_);
  for (bool stop = false; !stop;) {
    stop = mark_wake_.wait_for(lock, ingest_.settings.mark_interval, [this] { return mark_stop_; });
    try {
      save_mark();
    } catch (const std::exception& error) {
      ingest_.journal.log(
          LogLevel::warning,
          std::string("the recovery mark could not be saved, the next start may take longer: ") + error.what(), {});
    }
  }
}

}  // namespace fermata::archive
