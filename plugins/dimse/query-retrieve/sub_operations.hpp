#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "command_set.hpp"

namespace fermata::dimse {

/// The C-STORE sub-operations of one retrieval, counted (PS3.4 C.4.2.1.6 to C.4.2.1.9, C.4.3.1.4).
///
/// **Thread**: a value.
class SubOperations {
 public:
  enum class Outcome { completed, warning, failed };

  explicit SubOperations(uint64_t expected) : expected_(expected) {}
  void count(Outcome outcome, std::string_view sop_instance_uid);

  uint64_t completed() const { return completed_; }
  uint64_t failed() const { return failed_; }
  uint64_t warnings() const { return warnings_; }
  uint64_t remaining() const;  ///< at least: objects can arrive and go meanwhile

  /// Success, warning or failure, by how the sub-operations ended (PS3.4 C.4.2.3.1, C.4.3.3.1).
  uint16_t final_status() const;
  /// Writes the counts: with the remaining ones where the status is pending or cancelled, without in a final response.
  void describe(CommandSet& response) const;
  /// Canonical data set with (0008,0058) Failed SOP Instance UID List; empty if nothing failed. The list ends where its
  /// length field does, after about a thousand UIDs.
  std::vector<std::byte> failed_list() const;

 private:
  uint64_t expected_;
  uint64_t completed_ = 0;
  uint64_t failed_ = 0;
  uint64_t warnings_ = 0;
  std::string failed_uids_;
};

}  // namespace fermata::dimse
