#pragma once
#include <cstdint>
#include <string_view>

#include "database.hpp"
#include "fermata/index.hpp"
#include "ledger.hpp"
#include "study_locks.hpp"
#include "touched_study.hpp"

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
  void check_open() const;
  void check_valid(const InstanceRecord& record) const;
  void insert(const TouchedStudy::Version& version, std::string_view uid);
  void replace(const TouchedStudy::Version& old_version, const TouchedStudy::Version& new_version);
  void erase(const TouchedStudy::Version& version);

  Database& database_;
  Ledger& ledger_;
  StudyLocks::Hold lock_;
  const uint64_t since_;
  TouchedStudy touched_;
  bool committed_ = false;
};

}  // namespace fermata::index_rocksdb
