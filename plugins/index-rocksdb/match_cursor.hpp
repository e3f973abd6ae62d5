#pragma once
#include <string>

#include "facts.hpp"
#include "fermata/dicom/data_set_writer.hpp"
#include "plan.hpp"
#include "query.hpp"
#include "reader.hpp"
#include "study_order.hpp"

namespace fermata::index_rocksdb {

/// Answers a query (PS3.4 C.4.1) from a snapshot, each answer when it is asked for.
/// **Thread**: one at a time. **Errors**: invalid (the identifier), corrupt, io.
class RocksMatchCursor final : public MatchCursor {
 public:
  RocksMatchCursor(Database& database, const Query& query);
  bool next(std::span<const std::byte>& identifier) override;

 private:
  /// To the next patient, study, series or instance that matches.
  bool advance();
  bool advance_study();
  bool stands_for_its_patient();
  void leave_answered();
  bool skip_offset();
  Values what_others_say() const;
  void write_answer();

  const CompiledQuery query_;
  const StudyOrder order_;
  Reader reader_;
  Plan plan_;
  WitnessWalk witness_;
  WitnessWalk other_;    ///< in other studies of a patient
  std::string patient_;  ///< answered last
  bool in_study_ = false;
  bool skipped_ = false;
  uint64_t matches_ = 0;
  dicom::DataSetWriter answer_;
};

}  // namespace fermata::index_rocksdb
