#pragma once
#include <boost/json.hpp>
#include <optional>

#include "fermata/archive.hpp"
#include "system/statistics_keeper.hpp"

namespace fermata::admin {

/// How much room there is, what takes it, and how long it will last.
///
/// **Thread**: any. **Ownership**: borrows all it is given. **Errors**: those of the archive.
class StorageReport {
 public:
  StorageReport(Archive& archive, const StatisticsKeeper& keeper, StatisticsKeeper::Clock clock)
      : archive_(archive), keeper_(keeper), clock_(std::move(clock)) {}

  boost::json::object object() const;
  /// Nothing where the blob store does not tell.
  std::optional<Capacity> capacity() const;
  /// If it goes on as in the last 30 days. Nothing if little or nothing came.
  std::optional<uint64_t> full_in_days() const;

 private:
  boost::json::value study_date(uint64_t offset) const;
  boost::json::array days() const;
  boost::json::array modalities(uint64_t bytes) const;

  Archive& archive_;
  const StatisticsKeeper& keeper_;
  const StatisticsKeeper::Clock clock_;
};

}  // namespace fermata::admin
