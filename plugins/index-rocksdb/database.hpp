#pragma once
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "generations.hpp"

namespace fermata::index_rocksdb {

struct DatabaseSettings {
  std::filesystem::path path;
  uint64_t cache_bytes = uint64_t{64} << 20;  ///< blocks, and what is written but not yet flushed
  int background_threads = 2;
};

/// The RocksDB database that index and state store share, with one generation of the index.
///
/// **Thread**: any. **Ownership**: the database is closed when the last one of those that share it ends; iterators and
/// snapshots must end before theirs.
/// **Errors**: unavailable (another process has it open), unsupported (a newer format), io, no_space, corrupt.
class Database {
 public:
  /// The greatest that this version reads. The first generation of the index is format 1, all others are 2, so that a
  /// version that knows of no generations leaves them alone.
  static constexpr uint64_t kFormat = 2;

  /// With the generation of the index that is in use.
  explicit Database(const DatabaseSettings& settings);
  /// The same database with another generation, which it has.
  Database(const Database& same, uint64_t generation);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// How an iterator is used.
  enum class Walk {
    anywhere,
    one_value,  ///< in `keys`: only from value_prefixes, over the keys that have them: files without one are passed
                ///< over
  };

  bool get(Family family, std::string_view key, std::string& value, const rocksdb::Snapshot* at = nullptr) const;
  /// Without a copy of its own, where it stands in a block or a file: a header may be large.
  bool get(Family family, std::string_view key, rocksdb::PinnableSlice& value, const rocksdb::Snapshot* at) const;
  /// Two at once, which is less work where they stand side by side. False if either is not there.
  bool get(Family family, const std::array<std::string_view, 2>& keys, std::array<std::string, 2>& values,
           const rocksdb::Snapshot* at) const;
  /// From the default family, which is the same for all generations: its keys stand below.
  bool get_common(std::string_view key, std::string& value) const;
  bool has(Family family, std::string_view key) const;
  /// Keys up to, and without, `upper`, which lives as long as the iterator; null: all. Positioned at nothing.
  std::unique_ptr<rocksdb::Iterator> iterate(Family family, const rocksdb::Snapshot* at, const rocksdb::Slice* upper,
                                             Walk walk = Walk::anywhere) const;
  /// Either all of the batch or nothing. Without `sync` it survives the end of the process, with it a power cut too.
  void write(rocksdb::WriteBatch& batch, bool sync);
  void sync();
  /// Gives back the space of everything in `family` after it was deleted.
  void reclaim(Family family);
  uint64_t approximate_size(Family family, std::string_view lower, std::string_view upper) const;
  /// The log could not be written: nothing is taken any more until the database is opened anew.
  bool log_failed() const { return *log_failed_; }

  rocksdb::DB& db() const { return *db_; }
  Generations& generations() const;
  uint64_t generation() const { return generation_; }
  const std::filesystem::path& path() const { return path_; }
  rocksdb::ColumnFamilyHandle* operator[](Family family) const { return handles_[static_cast<std::size_t>(family)]; }
  /// How many snapshots are held.
  std::atomic<uint64_t>& snapshots() { return snapshots_; }

 private:
  struct Opened;
  void open(const DatabaseSettings& settings);
  void check_format();
  uint64_t generation_in_use() const;
  void require_log() const;
  rocksdb::DB& uncounted() const;
  [[noreturn]] void refuse_open(const rocksdb::Status& status) const;

  std::filesystem::path path_;
  std::shared_ptr<std::atomic<bool>> log_failed_ = std::make_shared<std::atomic<bool>>(false);
  std::shared_ptr<Opened> opened_;
  rocksdb::DB* db_ = nullptr;
  uint64_t generation_ = 0;
  FamilyHandles handles_{};
  std::atomic<uint64_t> snapshots_{0};
};

/// In the database's default family, whichever generation is in use.
inline constexpr const char* kFormatKey = "format";
inline constexpr const char* kGenerationKey = "generation";  ///< of the index that is in use; absent: the first
inline constexpr const char* kRenewalKey = "renewal";        ///< of the one that is being made: see `renewal.cpp`

/// A consistent view of the whole database, for as long as it lives.
class Snapshot {
 public:
  explicit Snapshot(Database& database) : database_(database), snapshot_(database.db().GetSnapshot()) {
    ++database_.snapshots();
  }
  ~Snapshot() {
    database_.db().ReleaseSnapshot(snapshot_);
    --database_.snapshots();
  }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  const rocksdb::Snapshot* get() const { return snapshot_; }

 private:
  Database& database_;
  const rocksdb::Snapshot* snapshot_;
};

/// Throws the Error that a failed status means.
void check(const rocksdb::Status& status, std::string_view doing);

inline std::string_view view(const rocksdb::Slice& s) { return {s.data(), s.size()}; }
inline rocksdb::Slice slice(std::string_view s) { return {s.data(), s.size()}; }

}  // namespace fermata::index_rocksdb
