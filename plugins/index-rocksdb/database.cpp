#include "database.hpp"

#include <fcntl.h>
#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/options.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <rocksdb/write_buffer_manager.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "encoding.hpp"
#include "fermata/error.hpp"
#include "totals.hpp"

namespace fermata::index_rocksdb {
namespace {

constexpr uint64_t kFirstFormat = 1;
constexpr uint64_t kMiB = uint64_t{1} << 20;
constexpr int kCacheShardBits = 3;  // a shard must hold the largest blocks several times over

Code code_of(const rocksdb::Status& s) {
  if (s.IsNoSpace()) return Code::no_space;
  if (s.IsCorruption()) return Code::corrupt;
  if (s.IsIOError()) return Code::io;
  if (s.IsShutdownInProgress()) return Code::unavailable;
  return Code::internal;
}

/// Instances that come in the order of their UIDs leave many small files, and opening one again costs a millisecond.
/// The rest of what the process may open is for connections and blobs.
int open_files() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return 4096;
  return static_cast<int>(std::clamp<rlim_t>(limit.rlim_cur / 2, 64, 4096));
}

/// How much of a family is kept in memory until it becomes a file: in proportion to how fast it grows.
uint64_t write_buffer(Family family) {
  switch (family) {
    case Family::headers:
      return 32 * kMiB;  // of which less than one is left on disk
    case Family::keys:   // in no order, as the next one: what is merged at once is rewritten less often
    case Family::uids:
      return 8 * kMiB;
    case Family::records:
      return 4 * kMiB;
    case Family::changes:
      return 2 * kMiB;
    case Family::patients:
    case Family::meta:
    case Family::state:
      return kMiB;
  }
  return kMiB;
}

/// Hears whether it was the write-ahead log that failed.
///
/// RocksDB can go on after other failures. After one of its log it can't: told to, or doing so by itself once there is
/// space again, it touches the log's file once more, and Debian's build of it ends the process then.
class LogWatch : public rocksdb::EventListener {
 public:
  explicit LogWatch(std::shared_ptr<std::atomic<bool>> failed) : failed_(std::move(failed)) {}

  void OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* status) override {
    if (reason == rocksdb::BackgroundErrorReason::kWriteCallback && status->IsIOError()) *failed_ = true;
  }
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status, bool* automatic) override {
    if (*failed_) *automatic = false;
  }

 private:
  const std::shared_ptr<std::atomic<bool>> failed_;
};

rocksdb::DBOptions database_options(const DatabaseSettings& settings, const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::DBOptions o;
  o.create_if_missing = true;
  // All column families share one write-ahead log, it is never switched off, and RocksDB syncs the closed logs before
  // it takes the flushed file of one family into account. So what is replayed after a power cut is one prefix of the
  // commits for all families together; whatever is behind the first incomplete one is dropped.
  o.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  // What has to be replayed at a start after a kill.
  o.max_total_wal_size = 128 * kMiB;
  const uint64_t buffers = std::clamp<uint64_t>(settings.cache_bytes / 2, 16 * kMiB, 48 * kMiB);
  o.write_buffer_manager = std::make_shared<rocksdb::WriteBufferManager>(buffers, cache);
  o.max_background_jobs = settings.background_threads;
  o.max_open_files = open_files();
  // Commits come one at a time (see Ledger); then what goes into a family in the order of its keys finds its place at
  // once.
  o.allow_concurrent_memtable_write = false;
  o.bytes_per_sync = kMiB;
  o.wal_bytes_per_sync = kMiB;
  o.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  o.keep_log_file_num = 2;
  o.max_log_file_size = kMiB;
  o.stats_dump_period_sec = 0;
  o.stats_persist_period_sec = 0;
  o.max_file_opening_threads = 2;
  return o;
}

rocksdb::ColumnFamilyOptions family_options(Family family, const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions o;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.cache_index_and_filter_blocks = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  // Indexes and filters in small parts, so that a cache much smaller than they are holds those in use.
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = true;
  table.metadata_block_size = 4096;
  table.pin_top_level_index_and_filter = true;
  table.enable_index_compression = false;  // they are read again and again where the cache is smaller than they are
  table.format_version = 5;
  table.block_size = 8 * 1024;
  o.write_buffer_size = write_buffer(family);
  o.max_write_buffer_number = 3;
  o.level0_file_num_compaction_trigger = 8;  // half as many merges of what came last into what is there: see README.md
  o.target_file_size_base = 32 * kMiB;
  o.max_bytes_for_level_base = 128 * kMiB;
  // What is still being merged is packed fast, what has come to rest is packed well. As the two differ, small files are
  // never just moved down as they are.
  o.level_compaction_dynamic_level_bytes = true;
  o.compression = rocksdb::kLZ4Compression;
  o.bottommost_compression = rocksdb::kZSTD;
  o.bottommost_compression_opts.enabled = true;
  o.bottommost_compression_opts.level = 1;
  switch (family) {
    case Family::uids:
      // As with headers: one is packed into a twelfth of it.
      o.max_bytes_for_level_base = 16 * kMiB;
      o.target_file_size_base = 4 * kMiB;
      // "Is this UID new?" is asked for every instance that comes, and nearly always the answer is yes.
      table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10, false));
      o.memtable_whole_key_filtering = true;
      o.memtable_prefix_bloom_size_ratio = 0.02;
      break;
    case Family::records:
      table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10, false));
      break;
    case Family::headers:
      // Read in series order; neighbours are nearly alike, so a large block compresses best. The dictionary serves
      // series of one instance.
      table.block_size = 32 * 1024;
      // They are packed forty to one. A level of the usual size would be gigabytes of them, all unpacked and packed
      // again whenever new ones are merged in: see README.md.
      o.max_bytes_for_level_base = 16 * kMiB;
      o.target_file_size_base = 4 * kMiB;
      o.bottommost_compression_opts.max_dict_bytes = 32 * 1024;
      o.bottommost_compression_opts.zstd_max_train_bytes = 1024 * 1024;
      o.bottommost_compression_opts.max_dict_buffer_bytes = 4 * kMiB;
      break;
    case Family::changes:
      o.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(1));
      break;
    case Family::patients:
      // Small files that wait for their merge behind a long one of another family are no reason to hold writers back.
      o.level0_slowdown_writes_trigger = 40;
      o.level0_stop_writes_trigger = 80;
      break;
    case Family::meta:
    case Family::keys:
    case Family::state:
      break;
  }
  o.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return o;
}

void sync_folder(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  const int number = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (!synced)
    throw Error(Code::io, "the folder " + folder.string() + " can't be written to disk: " + std::strerror(number) +
                              "; check the file system");
}

/// RocksDB syncs its own folder, but not the one in which that is named: after a power cut it could be gone as a whole.
void make_folder(const std::filesystem::path& path) {
  std::vector<std::filesystem::path> parents{path.parent_path()};
  while (!parents.back().empty() && !std::filesystem::exists(parents.back()))
    parents.push_back(parents.back().parent_path());
  std::error_code failed;
  std::filesystem::create_directories(path, failed);
  if (failed)
    throw Error(Code::io, "the index's folder " + path.string() + " can't be made: " + failed.message() +
                              "; create it, or change `path`");
  for (const auto& parent : parents)
    if (!parent.empty()) sync_folder(parent);
}

}  // namespace

void check(const rocksdb::Status& status, std::string_view doing) {
  if (status.ok()) return;
  throw Error(code_of(status), "the index failed while " + std::string(doing) + ": " + status.ToString());
}

/// What all who see a generation of the index share.
struct Database::Opened {
  Opened(rocksdb::DB* opened, Generations::Options options, std::shared_ptr<std::atomic<bool>> log_has_failed)
      : db(opened),
        generations(std::make_unique<Generations>(*opened, std::move(options))),
        log_failed(std::move(log_has_failed)) {}
  ~Opened() {
    if (*log_failed) {  // RocksDB would touch the log's file: what is not written by now is recovered at the next start
      static_cast<void>(generations.release());
      static_cast<void>(db.release());
      return;
    }
    generations.reset();
    db->Close();
  }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;

  std::unique_ptr<rocksdb::DB> db;
  std::unique_ptr<Generations> generations;
  const std::shared_ptr<std::atomic<bool>> log_failed;
};

Database::Database(const DatabaseSettings& settings)
    : path_((std::filesystem::absolute(settings.path) / "").parent_path()) {
  make_folder(path_);
  open(settings);
  check_format();
  generation_ = generation_in_use();
  if (generation_ == 0) generations().make(generation_);
  if (!generations().has(generation_))
    throw Error(Code::corrupt,
                "the index at " + path_.string() + " lacks a part: move the folder away and run `fermata reindex`");
  handles_ = generations().handles(generation_);
}

Database::Database(const Database& same, uint64_t generation)
    : path_(same.path_),
      log_failed_(same.log_failed_),
      opened_(same.opened_),
      db_(same.db_),
      generation_(generation),
      handles_(generations().handles(generation)) {}

Generations& Database::generations() const { return *opened_->generations; }

void Database::open(const DatabaseSettings& settings) {
  const auto cache = rocksdb::NewLRUCache(static_cast<std::size_t>(settings.cache_bytes), kCacheShardBits, false, 0.5);
  auto options = database_options(settings, cache);
  options.listeners.push_back(std::make_shared<LogWatch>(log_failed_));
  const Generations::Options family = [cache](Family f) { return family_options(f, cache); };
  // A newer format may have families that are not known here: opened too, so that its version can be read and named.
  std::vector<std::string> names;
  if (!rocksdb::DB::ListColumnFamilies(options, path_.string(), &names).ok())
    names = {rocksdb::kDefaultColumnFamilyName};
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const auto& name : names) {
    const auto known = parse_family_name(name);
    families.emplace_back(name, known ? family(known->first) : rocksdb::ColumnFamilyOptions{});
  }
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  const auto status = rocksdb::DB::Open(options, path_.string(), families, &handles, &opened);
  if (!status.ok()) refuse_open(status);
  opened_ = std::make_shared<Opened>(opened, family, log_failed_);
  db_ = opened;
  for (std::size_t i = 0; i < names.size(); ++i) generations().add(names[i], handles[i]);
}

void Database::refuse_open(const rocksdb::Status& status) const {
  const std::string text = status.ToString();
  if (text.find("lock") != text.npos && text.find("LOCK") != text.npos)
    throw Error(Code::unavailable, "the index at " + path_.string() +
                                       " is open in another process: stop that one, or give this one another `path`");
  if (status.IsCorruption())
    throw Error(Code::corrupt, "the index at " + path_.string() + " is damaged (" + text +
                                   "): move the folder away and run `fermata reindex`");
  throw Error(code_of(status), "the index at " + path_.string() + " can't be opened: " + text);
}

void Database::check_format() {
  std::string value;
  if (!get_common(kFormatKey, value)) {
    rocksdb::WriteBatch batch;
    batch.Put(kFormatKey, Encoder().varint(kFirstFormat).take());
    write(batch, true);
    return;
  }
  uint64_t found = 0;
  try {
    found = Decoder(value).varint();
  } catch (const Decoder::Malformed&) {
    throw Error(Code::corrupt, "the index at " + path_.string() +
                                   " does not say its format: move the folder away and run `fermata reindex`");
  }
  if (found > kFormat)
    throw Error(Code::unsupported, "the index at " + path_.string() + " has format " + std::to_string(found) +
                                       ", and this version reads format " + std::to_string(kFormat) +
                                       ": install the newer version again, or move the folder away and run "
                                       "`fermata reindex`");
}

uint64_t Database::generation_in_use() const {
  std::string value;
  if (!get_common(kGenerationKey, value)) return 0;
  return decode_meta(kGenerationKey, value, [](Decoder& in) { return in.varint(); });
}

bool Database::get(Family family, std::string_view key, std::string& value, const rocksdb::Snapshot* at) const {
  rocksdb::ReadOptions options;
  options.snapshot = at;
  rocksdb::PinnableSlice found(&value);
  const auto status = db_->Get(options, (*this)[family], slice(key), &found);
  if (status.IsNotFound()) return false;
  check(status, "reading");
  if (found.IsPinned()) value.assign(found.data(), found.size());
  return true;
}

bool Database::get_common(std::string_view key, std::string& value) const {
  const auto status = db_->Get(rocksdb::ReadOptions(), slice(key), &value);
  if (status.IsNotFound()) return false;
  check(status, "reading");
  return true;
}

bool Database::has(Family family, std::string_view key) const {
  rocksdb::PinnableSlice found;
  const auto status = db_->Get(rocksdb::ReadOptions(), (*this)[family], slice(key), &found);
  if (status.IsNotFound()) return false;
  check(status, "reading");
  return true;
}

std::unique_ptr<rocksdb::Iterator> Database::iterate(Family family, const rocksdb::Snapshot* at,
                                                     const rocksdb::Slice* upper, bool fill_cache) const {
  rocksdb::ReadOptions options;
  options.snapshot = at;
  options.iterate_upper_bound = upper;
  options.fill_cache = fill_cache;
  return std::unique_ptr<rocksdb::Iterator>(db_->NewIterator(options, (*this)[family]));
}

void Database::write(rocksdb::WriteBatch& batch, bool sync) {
  require_log();
  rocksdb::WriteOptions options;
  options.sync = sync;
  auto status = db_->Write(options, &batch);
  // After an error of the disk RocksDB refuses writes until it is told that the disk is well again.
  if (!status.ok() && !log_failed() && db_->Resume().ok()) status = db_->Write(options, &batch);
  check(status, "writing");
}

void Database::sync() {
  require_log();
  check(db_->SyncWAL(), "syncing its log");
}

void Database::require_log() const {
  if (log_failed())
    throw Error(Code::unavailable,
                "the index's log in " + path_.string() +
                    " could not be written: free space or repair the disk, then restart the archive");
}

void Database::reclaim(Family family) {
  if (snapshots_.load() == 0) check(rocksdb::DeleteFilesInRange(db_, (*this)[family], nullptr, nullptr), "clearing");
  check(db_->CompactRange(rocksdb::CompactRangeOptions(), (*this)[family], nullptr, nullptr), "clearing");
}

uint64_t Database::approximate_size(Family family, std::string_view lower, std::string_view upper) const {
  rocksdb::SizeApproximationOptions options;
  options.include_memtables = true;
  const rocksdb::Range range(slice(lower), slice(upper));
  uint64_t size = 0;
  db_->GetApproximateSizes(options, (*this)[family], &range, 1, &size);
  return size;
}

}  // namespace fermata::index_rocksdb
