#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "ledger.hpp"
#include "touched_study.hpp"

namespace fermata::index_rocksdb {

/// The difference between a study before a transaction and after it, as one batch for the database: nothing is written
/// for what ends as it began.
///
/// **Ownership**: borrows the study. **Thread**: one at a time.
class StudyDifference {
 public:
  StudyDifference(const Database& database, const TouchedStudy& touched);
  /// False if every instance is as it was.
  bool put_instances();
  /// What the study and its series say of themselves, once that is settled, and the keys by which they are found.
  void put_study();
  /// `since`: where the ledger stood when the transaction began.
  Commit commit(uint64_t since) { return {batch_, touched_.uid(), changes_, delta_, claimed_, since}; }

 private:
  void put_instance(const std::string& uid, const TouchedStudy::Instance& instance);
  void put_series();
  void put_entity(const Entity& entity, const std::string& key, const std::string& counts_key);
  void put_secondary_keys();

  const Database& database_;
  const TouchedStudy& touched_;
  rocksdb::WriteBatch batch_;
  std::vector<PendingChange> changes_;
  std::vector<std::string_view> claimed_;
  StatisticsDelta delta_;
};

}  // namespace fermata::index_rocksdb
