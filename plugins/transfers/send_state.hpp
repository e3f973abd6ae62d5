#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace fermata::transfers {

/// Where a job has come to: its checkpoint, in JSON.
///
/// **Thread**: a value. **Errors** of `from_json`: invalid, or unsupported if a newer version of the program wrote it.
struct SendState {
  struct Failure {
    std::string sop_instance_uid;
    std::string reason;  ///< "status 0xC000"
  };
  static constexpr std::size_t kMostFailures = 2000;  ///< that are listed

  std::size_t unit = 0;  ///< of the plan
  std::string after;     ///< the last instance of it that is through; empty: none yet
  uint64_t done = 0;     ///< instances that are through, taken or not
  uint64_t failed = 0;   ///< of these
  std::vector<Failure> failures;
  std::vector<std::string> again;  ///< not empty: only these instances are to be sent, which were not taken before

  void note_failure(std::string_view sop_instance_uid, std::string reason);
  /// For a further attempt after the last instance: those that were not taken, or all if these are too many to list.
  SendState anew() const;
  /// What went wrong, for people; `total`: of how many instances.
  std::string problem(const std::string& node, uint64_t total) const;

  std::string to_json() const;
  static SendState from_json(std::span<const std::byte> text);  ///< of no text: the beginning
};

}  // namespace fermata::transfers
