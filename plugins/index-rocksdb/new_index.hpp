#pragma once
#include <memory>
#include <string>
#include <vector>

#include "keys.hpp"
#include "renewal.hpp"

namespace fermata::index_rocksdb {

/// A generation of the index that is being filled.
///
/// **Thread**: one at a time. **Ownership**: borrows database and index; keeps its turn until it ends.
class RocksNewIndex final : public NewIndex {
 public:
  RocksNewIndex(Database& database, CurrentIndex& current, RenewalRecord record, const Journal& journal,
                std::shared_ptr<void> turn);
  std::string_view position() override { return record_.position; }
  void put(const InstanceRecord& record) override;
  std::unique_ptr<InstanceCursor> instances(const Selection& selection) override;
  void save(std::string_view position) override;
  uint64_t catch_up(uint64_t most) override;
  IndexStatistics statistics() override { return generation_->index().statistics(); }
  void take_over() override;

 private:
  using Instances = std::vector<std::string>;
  /// SOP Instance UIDs that changed, each once, and how many changes that were.
  uint64_t changed(uint64_t most, Instances& instances, uint64_t& last) const;
  void remove(const std::string& study, const Instances& instances);
  void copy(const std::vector<Place>& places);
  CurrentIndex::Generation in_the_feed();
  rocksdb::WriteBatch switch_over() const;

  const std::shared_ptr<void> turn_;  // ends last
  Database& database_;
  CurrentIndex& current_;
  RenewalRecord record_;
  const Journal journal_;
  CurrentIndex::Generation generation_;
};

}  // namespace fermata::index_rocksdb
