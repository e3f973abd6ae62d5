#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "database.hpp"
#include "fermata/dicom/data_set_view.hpp"
#include "fermata/index.hpp"
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
    std::string record;
    std::string header;
    std::string sop_class;
    uint64_t blob_length = 0;
  };
  struct Instance {
    std::optional<Version> before;
    std::optional<Version> after;
  };
  /// A study or a series: attributes and counts.
  struct Entity {
    bool existed = false;
    std::vector<std::byte> attributes;
    Counts counts;
    std::vector<std::byte> attributes_before;
    Counts counts_before;
    bool exists() const { return counts.instances > 0; }
  };

  Entity load(const std::string& key, const std::string& counts_key) const;
  Entity& series(const std::string& uid);
  Instance& instance(std::string_view uid);
  Version read(const std::string& series, uint32_t number, std::string_view uid) const;
  void check_valid(const InstanceRecord& record) const;
  void insert(const Version& version);
  void replace(const Version& old_version, const Version& new_version);
  void erase(const Version& version);
  void describe(Entity& series, dicom::DataSetView header);

  void put(rocksdb::WriteBatch& batch, const std::string& uid, const Instance& instance) const;
  void put(rocksdb::WriteBatch& batch, const Entity& entity, const std::string& key,
           const std::string& counts_key) const;
  void put_secondary_keys(rocksdb::WriteBatch& batch) const;

  Database& database_;
  Ledger& ledger_;
  StudyLocks::Hold lock_;
  const std::string uid_;
  const uint64_t since_;
  Entity study_;
  std::map<std::string, Entity, std::less<>> series_;
  std::map<std::string, Instance, std::less<>> instances_;
  std::vector<std::string> touched_;  ///< instances in the order in which they were first touched
  bool committed_ = false;
};

}  // namespace fermata::index_rocksdb
