#include "durable_queue.hpp"

#include <algorithm>
#include <utility>

#include "fermata/error.hpp"
#include "fermata/timestamp.hpp"

namespace fermata::jobs {
namespace {

constexpr std::chrono::minutes kLongestWait{1};  // the clock may be set

bool is_worth_another_try(Code code) { return code == Code::unavailable || code == Code::io || code == Code::no_space; }

class Listing final : public JobCursor {
 public:
  Listing(JobTable& table, std::vector<JobView> views) : table_(table), views_(std::move(views)) {}

  bool next(Job& job) override {
    if (at_ == views_.size()) return false;
    const auto& kept = views_[at_++].job;
    parameters_.clear();
    try {
      parameters_ = table_.parameters(kept.id);
    } catch (const Error& error) {  // it was forgotten meanwhile
      if (error.code() != Code::not_found) throw;
    }
    job = {kept.id,   kept.state, kept.kind,     kept.title,      parameters_,     kept.user,           kept.message,
           kept.done, kept.total, kept.attempts, kept.created_us, kept.changed_us, kept.next_attempt_us};
    return true;
  }

 private:
  JobTable& table_;
  const std::vector<JobView> views_;
  Bytes parameters_;
  std::size_t at_ = 0;
};

}  // namespace

DurableQueue::DurableQueue(JobTable& table, std::size_t workers, Journal journal)
    : table_(table), workers_(workers), journal_(std::move(journal)) {}

DurableQueue::~DurableQueue() { drain(std::chrono::milliseconds(0)); }

void DurableQueue::add_runner(std::string_view kind, JobRunner& runner) {
  if (kind.empty()) throw Error(Code::invalid, "a runner names the kind of jobs that it does");
  {
    const std::lock_guard lock(mutex_);
    if (!runners_.emplace(kind, &runner).second)
      throw Error(Code::conflict, "there is a runner for jobs of the kind " + std::string(kind) + " already");
  }
  wake();
}

uint64_t DurableQueue::add(const JobRequest& request) {
  const auto id = table_.add(request);
  wake();
  return id;
}

std::unique_ptr<JobCursor> DurableQueue::list() { return std::make_unique<Listing>(table_, views()); }

void DurableQueue::cancel(uint64_t id) { table_.cancel(id); }

void DurableQueue::retry(uint64_t id) {
  table_.retry(id);
  wake();
}

void DurableQueue::forget(uint64_t id) { table_.forget(id); }

std::vector<JobView> DurableQueue::views() { return table_.list(kinds()); }
JobView DurableQueue::view(uint64_t id) { return table_.view(id, kinds()); }

Kinds DurableQueue::kinds() {
  const std::lock_guard lock(mutex_);
  Kinds kinds;
  for (const auto& [kind, runner] : runners_) kinds.insert(kind);
  return kinds;
}

JobRunner& DurableQueue::runner_of(const std::string& kind) {
  const std::lock_guard lock(mutex_);
  return *runners_.at(kind);
}

void DurableQueue::serve() {
  for (std::size_t i = 0; i < workers_; ++i) threads_.emplace_back([this] { work(); });
}

void DurableQueue::drain(std::chrono::milliseconds limit) {
  stopping_ = true;
  wake();
  {
    std::unique_lock lock(mutex_);
    const auto idle = [this] { return working_ == 0; };
    if (!changed_.wait_for(lock, limit, idle) && limit.count() > 0)
      journal_.log(LogLevel::warning, "jobs run longer than the drain deadline; the archive ends when they have",
                   {{"jobs", std::to_string(working_)}});
  }
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

void DurableQueue::wake() {
  {
    const std::lock_guard lock(mutex_);
    ++changes_;
  }
  changed_.notify_all();
}

void DurableQueue::work() {
  for (;;) {
    uint64_t seen = 0;
    {
      const std::lock_guard lock(mutex_);
      seen = changes_;
    }
    if (stopping_) return;
    if (auto claim = table_.claim(kinds()))
      do_one(*std::move(claim));
    else
      wait(seen);
  }
}

/// Until something has changed since `seen`, or a job is due.
void DurableQueue::wait(uint64_t seen) {
  using std::chrono::microseconds;
  const auto due = table_.next_due(kinds());
  const auto until_due = due ? microseconds(std::max<int64_t>(*due - now_us(), 0)) : microseconds(kLongestWait);
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::min(until_due, microseconds(kLongestWait)), [&] { return changes_ != seen; });
}

void DurableQueue::do_one(JobTable::Claim claim) {
  {
    const std::lock_guard lock(mutex_);
    ++working_;
  }
  TrackedRun tracked(table_, std::move(claim), stopping_);
  const auto end = run(runner_of(tracked.job().kind), tracked);
  table_.end(tracked.job().id, end);
  tell_of(tracked.job(), end);
  {
    const std::lock_guard lock(mutex_);
    --working_;
  }
  wake();
}

RunEnd DurableQueue::run(JobRunner& runner, TrackedRun& run) const {
  using Kind = RunEnd::Kind;
  try {
    runner.run(run);
    return {run.was_told() ? run.interruption() : Kind::done, ""};
  } catch (const Error& error) {
    const bool again = is_worth_another_try(error.code());
    if (run.is_to_end() && (again || error.code() == Code::cancelled)) return {run.interruption(), ""};
    return {again ? Kind::try_again : Kind::failed, error.what()};
  } catch (const std::exception& error) {
    return {Kind::failed, error.what()};
  } catch (...) {
    return {Kind::failed, "an exception of an unknown type"};
  }
}

void DurableQueue::tell_of(const JobRecord& job, const RunEnd& end) const {
  const auto number = std::to_string(job.id);
  switch (end.kind) {
    case RunEnd::Kind::done:
      journal_.count("done_total", 1);
      return journal_.log(LogLevel::info, "a job is done", {{"job", number}, {"kind", job.kind}});
    case RunEnd::Kind::try_again:
      journal_.count("failed_attempts_total", 1);
      return journal_.log(LogLevel::warning, "an attempt at a job has failed: " + end.message,
                          {{"job", number}, {"kind", job.kind}, {"attempt", std::to_string(job.attempts)}});
    case RunEnd::Kind::failed:
      journal_.count("failed_total", 1);
      return journal_.log(LogLevel::error, "a job has failed: " + end.message, {{"job", number}, {"kind", job.kind}});
    case RunEnd::Kind::cancelled:
    case RunEnd::Kind::interrupted:
      return journal_.log(
          LogLevel::info,
          end.kind == RunEnd::Kind::cancelled ? "a job was cancelled" : "a job is interrupted and goes on later",
          {{"job", number}, {"kind", job.kind}});
  }
}

}  // namespace fermata::jobs
