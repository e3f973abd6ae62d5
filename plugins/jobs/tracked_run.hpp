#pragma once
#include <atomic>

#include "job_table.hpp"

namespace fermata::jobs {

/// A run as its runner sees it.
///
/// **Thread**: that of the run; `cancelled` any. **Ownership**: borrows table and `stopping`.
class TrackedRun final : public JobRun {
 public:
  TrackedRun(JobTable& table, JobTable::Claim claim, const std::atomic<bool>& stopping)
      : table_(table), claim_(std::move(claim)), stopping_(stopping) {}

  uint64_t id() override { return claim_.job.id; }
  std::span<const std::byte> parameters() override { return claim_.job.parameters; }
  std::span<const std::byte> checkpoint() override { return claim_.job.checkpoint; }
  void save(std::span<const std::byte> checkpoint) override { table_.save(claim_.job.id, checkpoint); }
  void progress(uint64_t done, uint64_t total, std::string_view message) override {
    table_.progress(claim_.job.id, done, total, message);
  }
  bool cancelled() override {
    if (!is_to_end()) return false;
    told_ = true;
    return true;
  }

  const JobRecord& job() const { return claim_.job; }
  bool is_to_end() const { return *claim_.cancelled || stopping_; }
  /// The runner knows, and has returned for that.
  bool was_told() const { return told_; }
  RunEnd::Kind interruption() const { return *claim_.cancelled ? RunEnd::Kind::cancelled : RunEnd::Kind::interrupted; }

 private:
  JobTable& table_;
  const JobTable::Claim claim_;
  const std::atomic<bool>& stopping_;
  std::atomic<bool> told_{false};
};

}  // namespace fermata::jobs
