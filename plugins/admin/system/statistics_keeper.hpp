#pragma once
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

#include "fermata/archive.hpp"
#include "fermata/dicom/data_set_view.hpp"
#include "fermata/journal.hpp"
#include "fermata/state_store.hpp"
#include "studies/description_store.hpp"
#include "system/arrival_book.hpp"
#include "system/totals.hpp"

namespace fermata::admin {

/// Keeps totals of what came in, by node too, of what is there by modality, and the descriptions of studies up to date
/// from the archive's feed of changes.
///
/// Totals that are missing or can't be read are made anew from the beginning of the feed. An object that an index made
/// anew reports again is not counted a second time.
/// **Thread**: `step` from one thread at a time; the others any. **Ownership**: borrows archive and stores.
/// **Errors**: those of both; what was counted before stays.
class StatisticsKeeper {
 public:
  using Clock = std::function<int64_t()>;  ///< microseconds since 1970-01-01 UTC

  /// Hears of each study of which something was removed; may be empty.
  using Removed = std::function<void(std::string_view study)>;

  StatisticsKeeper(Archive& archive, StateStore& store, DescriptionStore& descriptions, const Journal& journal,
                   Clock clock, Removed removed = {});

  /// Counts what is new, no more than a second's work, and writes the totals down.
  void step();
  Totals totals() const;
  const ArrivalBook& arrivals() const { return arrivals_; }
  /// The last change that was seen.
  uint64_t sequence() const;

 private:
  bool count_changes(Totals& totals);
  void count(Totals& totals, const Change& change);
  void look_at(std::string_view series, dicom::DataSetView header);
  void forget_old_days(Totals& totals);
  bool census_is_due(const Totals& totals) const;
  void take_census(Totals& totals);

  Archive& archive_;
  StateStore& store_;
  DescriptionStore& descriptions_;
  ArrivalBook arrivals_;
  const Clock clock_;
  const Removed removed_;
  mutable std::mutex mutex_;
  Totals totals_;
  int64_t census_us_ = 0;
  std::string last_forgotten_;  ///< the day on which old ones were
  std::string series_;          ///< whose modality is known
  std::string modality_;
};

/// "YYYYMMDD", in UTC.
std::string day_of(int64_t microseconds);

}  // namespace fermata::admin
