#include "database.hpp"

#include <rocksdb/convenience.h>
#include <rocksdb/options.h>
#include <rocksdb/perf_level.h>

#include <algorithm>

#include "database_options.hpp"
#include "encoding.hpp"
#include "fermata/error.hpp"
#include "left_log.hpp"
#include "totals.hpp"

namespace fermata::index_rocksdb {
namespace {

constexpr uint64_t kFirstFormat = 1;

Code code_of(const rocksdb::Status& s) {
  if (s.IsNoSpace()) return Code::no_space;
  if (s.IsCorruption()) return Code::corrupt;
  if (s.IsIOError()) return Code::io;
  if (s.IsShutdownInProgress()) return Code::unavailable;
  return Code::internal;
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
    if (!parent.empty()) sync_to_disk(parent);
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
  const auto cache = make_cache(settings);
  auto options = database_options(settings, cache, log_failed_);
  options.avoid_flush_during_recovery = keep_log(path_);
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

/// Unless it is told not to, once in each thread, RocksDB counts whatever it compares and reads, and takes an eighth
/// longer for that.
rocksdb::DB& Database::uncounted() const {
  thread_local const bool told = [] {
    rocksdb::SetPerfLevel(rocksdb::PerfLevel::kDisable);
    return true;
  }();
  static_cast<void>(told);
  return *db_;
}

bool Database::get(Family family, std::string_view key, std::string& value, const rocksdb::Snapshot* at) const {
  rocksdb::PinnableSlice found(&value);
  if (!get(family, key, found, at)) return false;
  if (found.IsPinned()) value.assign(found.data(), found.size());
  return true;
}

bool Database::get(Family family, std::string_view key, rocksdb::PinnableSlice& value,
                   const rocksdb::Snapshot* at) const {
  rocksdb::ReadOptions options;
  options.snapshot = at;
  const auto status = uncounted().Get(options, (*this)[family], slice(key), &value);
  if (status.IsNotFound()) return false;
  check(status, "reading");
  return true;
}

bool Database::get(Family family, const std::array<std::string_view, 2>& keys, std::array<std::string, 2>& values,
                   const rocksdb::Snapshot* at) const {
  rocksdb::ReadOptions options;
  options.snapshot = at;
  const std::array wanted{slice(keys[0]), slice(keys[1])};
  std::array<rocksdb::PinnableSlice, 2> found;
  std::array<rocksdb::Status, 2> statuses;
  const bool sorted = keys[0] < keys[1];
  uncounted().MultiGet(options, (*this)[family], wanted.size(), wanted.data(), found.data(), statuses.data(), sorted);
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (statuses[i].IsNotFound()) return false;
    check(statuses[i], "reading");
    values[i].assign(found[i].data(), found[i].size());
  }
  return true;
}

bool Database::get_common(std::string_view key, std::string& value) const {
  const auto status = uncounted().Get(rocksdb::ReadOptions(), slice(key), &value);
  if (status.IsNotFound()) return false;
  check(status, "reading");
  return true;
}

bool Database::has(Family family, std::string_view key) const {
  rocksdb::PinnableSlice found;
  const auto status = uncounted().Get(rocksdb::ReadOptions(), (*this)[family], slice(key), &found);
  if (status.IsNotFound()) return false;
  check(status, "reading");
  return true;
}

std::unique_ptr<rocksdb::Iterator> Database::iterate(Family family, const rocksdb::Snapshot* at,
                                                     const rocksdb::Slice* upper, Walk walk) const {
  rocksdb::ReadOptions options;
  options.snapshot = at;
  options.iterate_upper_bound = upper;
  options.total_order_seek = walk == Walk::anywhere;
  options.prefix_same_as_start = walk == Walk::one_value;
  return std::unique_ptr<rocksdb::Iterator>(uncounted().NewIterator(options, (*this)[family]));
}

void Database::write(rocksdb::WriteBatch& batch, bool sync) {
  require_log();
  rocksdb::WriteOptions options;
  options.sync = sync;
  auto status = uncounted().Write(options, &batch);
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
