#include "query-retrieve/sub_operations.hpp"

#include <algorithm>

#include "fermata/dicom/data_set_writer.hpp"
#include "status.hpp"

namespace fermata::dimse {
namespace {

constexpr dicom::Tag kFailedSopInstanceUidList{0x0008, 0x0058};
constexpr std::size_t kLongestList = 65534;

uint16_t clamped(uint64_t count) { return static_cast<uint16_t>(std::min<uint64_t>(count, 0xffff)); }

}  // namespace

void SubOperations::count(Outcome outcome, std::string_view sop_instance_uid) {
  if (outcome == Outcome::completed) ++completed_;
  if (outcome == Outcome::warning) ++warnings_;
  if (outcome != Outcome::failed) return;
  ++failed_;
  if (failed_uids_.size() + 1 + sop_instance_uid.size() > kLongestList) return;
  if (!failed_uids_.empty()) failed_uids_ += '\\';
  failed_uids_ += sop_instance_uid;
}

uint64_t SubOperations::remaining() const {
  const uint64_t done = completed_ + failed_ + warnings_;
  return expected_ > done ? expected_ - done : 0;
}

uint16_t SubOperations::final_status() const {
  if (failed_ == 0 && warnings_ == 0) return status::kSuccess;
  return completed_ + warnings_ == 0 ? status::kUnableToPerformSubOperations : status::kSubOperationsIncomplete;
}

void SubOperations::describe(CommandSet& response) const {
  const auto status = response.status();
  if (status == status::kPending || status == status::kCancelled)
    response.set_u16(element::kRemainingSubOperations, clamped(remaining()));
  response.set_u16(element::kCompletedSubOperations, clamped(completed_));
  response.set_u16(element::kFailedSubOperations, clamped(failed_));
  response.set_u16(element::kWarningSubOperations, clamped(warnings_));
}

std::vector<std::byte> SubOperations::failed_list() const {
  dicom::DataSetWriter list;
  if (failed_ > 0) list.add(kFailedSopInstanceUidList, "UI", failed_uids_);
  return list.take();
}

}  // namespace fermata::dimse
