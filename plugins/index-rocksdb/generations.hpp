#pragma once
#include <rocksdb/db.h>

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace fermata::index_rocksdb {

/// The column families. `keys.hpp` says what their keys are made of.
enum class Family : std::size_t { meta, records, uids, patients, keys, headers, changes, state };
inline constexpr std::size_t kFamilies = 8;
using FamilyHandles = std::array<rocksdb::ColumnFamilyHandle*, kFamilies>;

/// The change feed and the documents are there once, whatever becomes of the index.
constexpr bool is_shared(Family family) { return family == Family::changes || family == Family::state; }

/// "records" of the first generation, "records.2" of another; the first one's meta is the database's default family.
std::string family_name(Family family, uint64_t generation);
/// Nothing if this version has no family of that name.
std::optional<std::pair<Family, uint64_t>> parse_family_name(std::string_view name);

/// The families of a database. An index that is made anew gets families of its own beside those in use: each such set
/// is a generation, with a number.
///
/// **Thread**: any. **Ownership**: owns the handles, and must end before the database is closed.
class Generations {
 public:
  using Options = std::function<rocksdb::ColumnFamilyOptions(Family)>;

  Generations(rocksdb::DB& db, Options options) : db_(db), options_(std::move(options)) {}
  ~Generations();
  Generations(const Generations&) = delete;
  Generations& operator=(const Generations&) = delete;

  /// A family that the database has.
  void add(const std::string& name, rocksdb::ColumnFamilyHandle* handle);
  /// Makes the families that it lacks.
  void make(uint64_t generation);
  bool has(uint64_t generation) const;
  /// Those with an index, complete or not.
  std::set<uint64_t> all() const;
  FamilyHandles handles(uint64_t generation) const;
  /// With everything in it; nobody may use it any more.
  void remove(uint64_t generation);

 private:
  void clear_default();
  rocksdb::ColumnFamilyHandle*& place(Family family, uint64_t generation);

  rocksdb::DB& db_;
  const Options options_;
  mutable std::mutex mutex_;
  FamilyHandles shared_{};
  std::map<uint64_t, FamilyHandles> generations_;
  std::set<rocksdb::ColumnFamilyHandle*> unknown_;
};

}  // namespace fermata::index_rocksdb
