#pragma once
#include <array>
#include <mutex>

#include "database.hpp"
#include "fermata/state_store.hpp"

namespace fermata::index_rocksdb {

/// The state store in the database of the index. Each change is synced, and with it every earlier commit of the index,
/// since they share one log.
///
/// **Thread**: any; changes to different documents run side by side.
class RocksStateStore final : public StateStore {
 public:
  explicit RocksStateStore(Database& database) : database_(database) {}
  std::unique_ptr<DocumentCursor> list(std::string_view collection, std::string_view from) override;
  uint64_t put(std::string_view collection, std::string_view id, std::span<const std::byte> content,
               uint64_t expected_version) override;
  void remove(std::string_view collection, std::string_view id, uint64_t expected_version) override;

 private:
  std::mutex& lock_for(std::string_view key);
  /// kAbsent if there is none.
  uint64_t version_of(const std::string& key) const;

  Database& database_;
  std::array<std::mutex, 32> locks_;
};

}  // namespace fermata::index_rocksdb
