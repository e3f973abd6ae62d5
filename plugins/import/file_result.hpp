#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fermata::imports {

/// What became of one file.
enum class Outcome : uint8_t {
  stored,      ///< is in the archive, and was not before
  duplicate,   ///< was there already, byte for byte
  differs,     ///< another object has its SOP Instance UID, and stays
  replaced,    ///< took the place of one with its SOP Instance UID
  refused,     ///< the archive does not take it
  not_dicom,   ///< is something else
  unreadable,  ///< could not be read
  missing,     ///< the source names it, but it is not there
  fresh,       ///< dry run: the archive does not have it
  present,     ///< dry run: the archive has an object of this SOP Instance UID
  lost,        ///< afterwards: it is not in the archive as it should be
  noted,       ///< what the source knows about a study was put down
};
inline constexpr std::size_t kOutcomes = 12;

std::string_view name_of(Outcome outcome);
std::optional<Outcome> outcome_named(std::string_view name);

/// One line of the report.
struct FileResult {
  std::string file;  ///< its path in the source
  Outcome outcome = Outcome::not_dicom;
  std::string reason;
  std::string study;
  std::string series;
  std::string instance;
  std::string checksum;         ///< XXH3-128 of the data set's bytes, in hexadecimal
  uint64_t bytes = 0;           ///< of the data set
  std::string position;         ///< where the source goes on after it
  bool archive_failed = false;  ///< refused for a reason that is not the object's; not in the report
};

/// How many files there were of each outcome. **Thread**: a value.
class Counts {
 public:
  void add(Outcome outcome) { ++numbers_[static_cast<std::size_t>(outcome)]; }
  uint64_t of(Outcome outcome) const { return numbers_[static_cast<std::size_t>(outcome)]; }
  /// Files that were looked at.
  uint64_t found() const;
  /// Objects that are in the archive now.
  uint64_t held() const;

 private:
  std::array<uint64_t, kOutcomes> numbers_{};
};

}  // namespace fermata::imports
