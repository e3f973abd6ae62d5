#pragma once
#include <optional>
#include <string>

#include "facts.hpp"
#include "fermata/dicom/data_set_writer.hpp"
#include "plan.hpp"
#include "query.hpp"
#include "reader.hpp"

namespace fermata::index_rocksdb {

/// Answers a query (PS3.4 C.4.1) from a snapshot, each answer when it is asked for.
/// **Thread**: one at a time. **Errors**: invalid (the identifier), corrupt, io.
class RocksMatchCursor final : public MatchCursor {
 public:
  RocksMatchCursor(Database& database, const Query& query);
  bool next(std::span<const std::byte>& identifier) override;

 private:
  bool advance();
  bool advance_study();
  bool advance_series();
  bool advance_instance();
  bool study_matches(const EntityRecord& study, LowerFacts& lower) const;
  bool stands_for_its_patient();

  std::optional<dicom::Element> value_of(const Asked& asked) const;
  void write_answer();

  const CompiledQuery query_;
  Reader reader_;
  Plan plan_;
  LowerFacts lower_;
  LowerFacts lower_of_others_;  ///< while the studies of a patient are compared
  const bool needs_header_;
  std::string patient_;  ///< answered last

  EntityRecord study_;
  EntityRecord series_;
  std::optional<SeriesWalk> series_walk_;
  std::optional<InstanceWalk> instance_walk_;
  std::optional<Facts> of_study_;
  std::optional<Facts> of_series_;
  std::optional<Facts> of_instance_;

  uint64_t matches_ = 0;
  dicom::DataSetWriter answer_;
};

}  // namespace fermata::index_rocksdb
