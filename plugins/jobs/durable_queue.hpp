#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "fermata/job_queue.hpp"
#include "job_table.hpp"
#include "tracked_run.hpp"

namespace fermata::jobs {

/// The queue that other plugins see: runners, and the threads that run them.
///
/// **Thread**, **Errors**: see JobQueue. **Ownership**: borrows the table; `drain` ends the threads.
class DurableQueue final : public JobQueue {
 public:
  DurableQueue(JobTable& table, std::size_t workers, Journal journal);
  ~DurableQueue() override;
  DurableQueue(const DurableQueue&) = delete;
  DurableQueue& operator=(const DurableQueue&) = delete;

  void add_runner(std::string_view kind, JobRunner& runner) override;
  uint64_t add(const JobRequest& request) override;
  std::unique_ptr<JobCursor> list() override;
  void cancel(uint64_t id) override;
  void retry(uint64_t id) override;
  void forget(uint64_t id) override;

  std::vector<JobView> views();  ///< latest first
  JobView view(uint64_t id);

  /// From here on jobs are done.
  void serve();
  /// Tells all runs to end and waits for them: also longer than that, since their plugins are about to go.
  void drain(std::chrono::milliseconds limit);

 private:
  Kinds kinds();
  JobRunner& runner_of(const std::string& kind);
  void work();
  void wait(uint64_t seen);
  void wake();
  void do_one(JobTable::Claim claim);
  RunEnd run(JobRunner& runner, TrackedRun& run) const;
  void tell_of(const JobRecord& job, const RunEnd& end) const;

  JobTable& table_;
  const std::size_t workers_;
  const Journal journal_;
  std::atomic<bool> stopping_{false};

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, JobRunner*, std::less<>> runners_;
  uint64_t changes_ = 0;
  std::size_t working_ = 0;
  std::vector<std::thread> threads_;
};

}  // namespace fermata::jobs
