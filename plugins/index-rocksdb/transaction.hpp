#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "database.hpp"
#include "entity.hpp"
#include "fermata/dicom/attribute_level.hpp"
#include "fermata/dicom/data_set_view.hpp"
#include "fermata/index.hpp"
#include "keys.hpp"
#include "ledger.hpp"
#include "records.hpp"
#include "study_locks.hpp"

namespace fermata::index_rocksdb {

/// Changes to one study. It reads what it touches once, works on that in memory, and writes the difference between
/// before and after in one batch: nothing is written for what ends as it began.
///
/// **Thread**: one at a time; it holds the study's lock from construction to destruction.
/// **Errors**: invalid, conflict, corrupt, io.
class RocksTransaction final : public IndexTransaction {
 public:
  RocksTransaction(Database& database, Ledger& ledger, StudyLocks& locks, std::string_view study);
  void upsert(const InstanceRecord& record) override;
  bool remove(std::string_view sop_instance_uid) override;
  void commit() override;

 private:
  /// An instance as it is stored.
  struct Version {
    std::string series;
    uint32_t number = 0;
    uint64_t arrival = 0;
    std::string record;
    std::string header;
    std::string sop_class;
    uint64_t blob_length = 0;
    bool operator==(const Version& o) const { return record == o.record && header == o.header; }
  };
  struct Instance {
    std::optional<Version> before;
    std::optional<Version> after;
    bool headless = false;  ///< the header was not read: a removal needs none
  };
  using Arrivals = std::vector<std::pair<uint64_t, std::string>>;  ///< and keys of instances

  Entity known_study();
  Entity load(const std::string& key, const std::string& counts_key) const;
  void remember();
  Entity& series(const std::string& uid);
  Instance& instance(std::string_view uid);
  Instance* instance_to_remove(std::string_view uid);
  void look_up_all();
  Version read(const Place& place) const;
  static Version decode(const Place& place, std::string record);
  std::string header(const Place& place) const;

  void check_valid(const InstanceRecord& record) const;
  void insert(const Version& version, std::string_view uid);
  void replace(const Version& old_version, const Version& new_version);
  void erase(const Version& version);
  void describe(Entity& entity, std::string_view uid, const Version& version, dicom::AttributeLevel level) const;

  void revise(Entity& entity, const std::string& prefix, dicom::AttributeLevel level) const;
  std::optional<Place> place_of(const std::string& instance) const;
  Arrivals arrivals(const std::string& prefix) const;
  void settle_series();

  std::size_t expected_bytes() const;
  bool put_instances(rocksdb::WriteBatch& batch, std::vector<PendingChange>& changes,
                     std::vector<std::string_view>& claimed, StatisticsDelta& delta) const;
  void put_instance(rocksdb::WriteBatch& batch, const std::string& uid, const Instance& instance) const;
  void put_series(rocksdb::WriteBatch& batch, StatisticsDelta& delta) const;
  void put_entity(rocksdb::WriteBatch& batch, const Entity& entity, const std::string& key,
                  const std::string& counts_key) const;
  void put_secondary_keys(rocksdb::WriteBatch& batch, StatisticsDelta& delta) const;

  Database& database_;
  Ledger& ledger_;
  StudyLocks::Hold lock_;
  const std::string uid_;
  const uint64_t since_;
  std::map<std::string, Entity, std::less<>> series_;
  Entity study_;
  std::map<std::string, Instance, std::less<>> instances_;
  std::vector<std::string> touched_;              ///< instances in the order in which they were first touched
  uint64_t looked_up_ = 0;                        ///< instances to remove, one by one
  std::unordered_map<std::string, Version> all_;  ///< without headers; empty unless many are removed
  bool committed_ = false;
};

}  // namespace fermata::index_rocksdb
