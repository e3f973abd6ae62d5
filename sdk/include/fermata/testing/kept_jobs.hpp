#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "fermata/error.hpp"
#include "fermata/job_queue.hpp"

namespace fermata::testing {

/// A queue that keeps what it is asked to do, in memory; the test says how each job goes.
///
/// **Thread**: any, but for what `latest` returns. **Errors**: not_found.
class KeptJobs final : public JobQueue {
 public:
  struct Kept {
    uint64_t id = 0;
    std::string kind, title, user;
    std::vector<std::byte> parameters;
    Job::State state = Job::State::waiting;
    std::string message;
    uint64_t done = 0;
    uint64_t total = 0;
  };

  void add_runner(std::string_view, JobRunner&) override {}
  uint64_t add(const JobRequest& request) override {
    const std::lock_guard lock(mutex_);
    jobs_.push_back({++last_id_,
                     std::string(request.kind),
                     std::string(request.title),
                     std::string(request.user),
                     {request.parameters.begin(), request.parameters.end()}});
    return last_id_;
  }
  std::unique_ptr<JobCursor> list() override {
    const std::lock_guard lock(mutex_);
    return std::make_unique<Cursor>(std::vector<Kept>(jobs_.rbegin(), jobs_.rend()));
  }
  void cancel(uint64_t id) override { is_now(id, Job::State::cancelled); }
  void retry(uint64_t id) override { is_now(id, Job::State::waiting); }
  void forget(uint64_t id) override {
    const std::lock_guard lock(mutex_);
    jobs_.erase(find(id));
  }

  void is_now(uint64_t id, Job::State state, const std::string& message = {}, uint64_t done = 0, uint64_t total = 0) {
    const std::lock_guard lock(mutex_);
    auto& job = *find(id);
    job.state = state;
    job.message = message;
    job.done = done;
    job.total = total;
  }
  std::size_t count() {
    const std::lock_guard lock(mutex_);
    return jobs_.size();
  }
  /// There has to be one. Valid until the next change.
  const Kept& latest() const { return jobs_.back(); }

 private:
  class Cursor final : public JobCursor {
   public:
    explicit Cursor(std::vector<Kept> jobs) : jobs_(std::move(jobs)) {}
    bool next(Job& job) override {
      if (at_ == jobs_.size()) return false;
      const auto& kept = jobs_[at_++];
      job = {};
      job.id = kept.id;
      job.state = kept.state;
      job.kind = kept.kind;
      job.title = kept.title;
      job.parameters = kept.parameters;
      job.user = kept.user;
      job.message = kept.message;
      job.done = kept.done;
      job.total = kept.total;
      return true;
    }

   private:
    const std::vector<Kept> jobs_;
    std::size_t at_ = 0;
  };

  std::vector<Kept>::iterator find(uint64_t id) {
    const auto found = std::find_if(jobs_.begin(), jobs_.end(), [&](const Kept& job) { return job.id == id; });
    if (found == jobs_.end()) throw Error(Code::not_found, "there is no job " + std::to_string(id));
    return found;
  }

  std::mutex mutex_;
  std::vector<Kept> jobs_;
  uint64_t last_id_ = 0;
};

}  // namespace fermata::testing
