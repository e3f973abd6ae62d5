#include "database_options.hpp"

#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <rocksdb/write_buffer_manager.h>
#include <sys/resource.h>

#include <algorithm>
#include <utility>

#include "keys.hpp"

namespace fermata::index_rocksdb {
namespace {

constexpr uint64_t kMiB = uint64_t{1} << 20;
constexpr int kCacheShardBits = 3;  // a shard must hold the largest blocks several times over

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

/// Small files that wait for their merge behind a long one of another family are no reason to hold writers back.
void hold_writers_back_late(rocksdb::ColumnFamilyOptions& o) {
  o.level0_slowdown_writes_trigger = 40;
  o.level0_stop_writes_trigger = 80;
}

/// What a search for one value has in common with the keys that it is after.
class ValuePrefix : public rocksdb::SliceTransform {
 public:
  const char* Name() const override { return "fermata.value"; }
  rocksdb::Slice Transform(const rocksdb::Slice& key) const override {
    const auto prefix = value_prefix({key.data(), key.size()});
    return {prefix.data(), prefix.size()};
  }
  bool InDomain(const rocksdb::Slice& key) const override { return !value_prefix({key.data(), key.size()}).empty(); }
};

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

}  // namespace

std::shared_ptr<rocksdb::Cache> make_cache(const DatabaseSettings& settings) {
  return rocksdb::NewLRUCache(static_cast<std::size_t>(settings.cache_bytes), kCacheShardBits, false, 0.5);
}

rocksdb::DBOptions database_options(const DatabaseSettings& settings, const std::shared_ptr<rocksdb::Cache>& cache,
                                    std::shared_ptr<std::atomic<bool>> log_failed) {
  rocksdb::DBOptions o;
  o.listeners.push_back(std::make_shared<LogWatch>(std::move(log_failed)));
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
  // Their keys are UIDs, which begin alike: so packed they take a third, and those of ten million instances stay in the
  // cache.
  table.index_block_restart_interval = 8;
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
      // A record is read because a key of the study says that it is there. What is looked up in vain, a new study or
      // series, costs a block of the last level.
      o.optimize_filters_for_hits = true;
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
      // In a block, one of 60 MiB would stand in memory four times while it is written, and be written again with every
      // merge.
      o.enable_blob_files = true;
      o.min_blob_size = kMiB;
      o.blob_compression_type = rocksdb::kLZ4Compression;
      o.enable_blob_garbage_collection = true;
      hold_writers_back_late(o);
      break;
    case Family::changes:
      o.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(1));
      break;
    case Family::patients:
      hold_writers_back_late(o);
      break;
    case Family::keys:
      // A search for one value passes over the files that lack it. In the last level it is there nearly always, so
      // that is not asked there, and the filters take hardly any room.
      o.prefix_extractor = std::make_shared<ValuePrefix>();
      table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10, false));
      table.whole_key_filtering = false;
      o.optimize_filters_for_hits = true;
      break;
    case Family::meta:
    case Family::state:
      break;
  }
  o.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return o;
}

}  // namespace fermata::index_rocksdb
