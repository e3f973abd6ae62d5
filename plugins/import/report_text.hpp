#pragma once
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "report_file.hpp"

namespace fermata::imports {

/// A report in short: how many files of each outcome, and for which reasons. Goes on with a report that has grown.
///
/// **Thread**: one at a time. **Errors**: those of ReportReader.
class ReportTotals {
 public:
  static constexpr std::size_t kMostReasons = 200;

  void read(const std::filesystem::path& report);

  const ReportHead& head() const { return head_; }
  const Counts& counts() const { return counts_; }
  uint64_t bytes() const { return bytes_; }  ///< of the objects that the archive holds
  /// How many files for each outcome and reason; beyond kMostReasons they are in no entry.
  const std::map<std::pair<Outcome, std::string>, uint64_t>& reasons() const { return reasons_; }

 private:
  ReportHead head_;
  Counts counts_;
  uint64_t bytes_ = 0;
  uint64_t offset_ = 0;
  std::map<std::pair<Outcome, std::string>, uint64_t> reasons_;
};

/// The table for people, and the first files that need their attention.
void write_text(std::ostream& out, const ReportTotals& totals, const std::filesystem::path& report);

using TakeText = std::function<void(std::string_view)>;
/// All lines, or those of one outcome; with a head line, quoted as RFC 4180 says.
void write_csv(const std::filesystem::path& report, const std::function<bool(const FileResult&)>& wanted,
               const TakeText& take);
/// {"source", "kind", "dry_run", "files": [...]}
void write_json(const std::filesystem::path& report, const std::function<bool(const FileResult&)>& wanted,
                const TakeText& take);

/// Whether somebody should look at files of this outcome.
bool needs_attention(Outcome outcome);

}  // namespace fermata::imports
