#pragma once
#include <mutex>

#include "fermata/bridge/bridge.hpp"
#include "fermata/job_queue.hpp"

namespace fermata::bridge {

template <>
struct Wire<const JobRequest&> {
  using c = const fermata_job_request*;
  static JobRequest from(c given) {
    const auto r = complete(*given);
    return {view(r.kind), view(r.title), view(r.parameters), view(r.user)};
  }
};

template <>
struct Convert<Job> {
  using c = fermata_job;
  static c to(const Job& job) {
    return {sizeof(c),      static_cast<uint32_t>(job.state),
            job.id,         str(job.kind),
            str(job.title), bytes(job.parameters),
            str(job.user),  str(job.message),
            job.done,       job.total,
            job.attempts,   job.created_us,
            job.changed_us, job.next_attempt_us};
  }
  static Job from(const c& v) {
    return {v.id,
            static_cast<Job::State>(v.state),
            view(v.kind),
            view(v.title),
            view(v.parameters),
            view(v.user),
            view(v.message),
            v.done,
            v.total,
            v.attempts,
            v.created_us,
            v.changed_us,
            v.next_attempt_us};
  }
};
template <>
struct Wire<Job&> : GivenOut<Job> {};
template <>
struct Bridge<JobCursor> : CursorBridge<JobCursor, Job, fermata_job_cursor_vt, fermata_job_cursor> {};

template <>
struct Bridge<JobRun> {
  using Table = fermata_job_run_vt;
  using Handle = fermata_job_run;
  static const Table* table() {
    static const Table t{sizeof(Table),
                         Thunk<&JobRun::id>::call,
                         Thunk<&JobRun::parameters>::call,
                         Thunk<&JobRun::checkpoint>::call,
                         Thunk<&JobRun::save>::call,
                         Thunk<&JobRun::progress>::call,
                         Thunk<&JobRun::cancelled>::call};
    return &t;
  }
  class Proxy final : public JobRun, Remote<Table> {
   public:
    explicit Proxy(Handle h) : Remote(h.vt, h.self) {}
    uint64_t id() override { return get<uint64_t>(&Table::id); }
    std::span<const std::byte> parameters() override { return get<std::span<const std::byte>>(&Table::parameters); }
    std::span<const std::byte> checkpoint() override { return get<std::span<const std::byte>>(&Table::checkpoint); }
    void save(std::span<const std::byte> checkpoint) override { call(&Table::save, bytes(checkpoint)); }
    void progress(uint64_t done, uint64_t total, std::string_view message) override {
      call(&Table::progress, done, total, str(message));
    }
    bool cancelled() override { return get<bool>(&Table::cancelled); }
  };
};
template <>
struct Wire<JobRun&> : Lent<JobRun> {};

template <>
struct Bridge<JobRunner> {
  using Table = fermata_job_runner_vt;
  using Handle = fermata_job_runner;
  static const Table* table() {
    static const Table t{sizeof(Table), Thunk<&JobRunner::run>::call};
    return &t;
  }
  class Proxy final : public JobRunner, Remote<Table> {
   public:
    explicit Proxy(Handle h) : Remote(h.vt, h.self) {}
    void run(JobRun& run) override { call(&Table::run, Wire<JobRun&>::to(run)); }
  };
};

/// A runner outlives the call that adds it: the receiving side is handed a reference, so its table makes and keeps the
/// proxies.
class JobQueueKept {
 public:
  explicit JobQueueKept(JobQueue& queue) : queue_(queue) {}

  static int32_t add_runner(void* self, fermata_str kind, fermata_job_runner runner, fermata_error* error) noexcept {
    return guard(error, [&] {
      auto& kept = *static_cast<JobQueueKept*>(self);
      kept.queue_.add_runner(view(kind), kept.keep(runner));
    });
  }
  static int32_t add(void* self, const fermata_job_request* request, uint64_t* out, fermata_error* error) noexcept {
    return guard(error, [&] { *out = queue(self).add(Wire<const JobRequest&>::from(request)); });
  }
  static int32_t list(void* self, fermata_job_cursor* out, fermata_error* error) noexcept {
    return guard(error, [&] { Out<std::unique_ptr<JobCursor>>::put(queue(self).list(), out); });
  }
  template <void (JobQueue::*Method)(uint64_t)>
  static int32_t with_id(void* self, uint64_t id, fermata_error* error) noexcept {
    return guard(error, [&] { (queue(self).*Method)(id); });
  }

 private:
  static JobQueue& queue(void* self) { return static_cast<JobQueueKept*>(self)->queue_; }
  JobRunner& keep(fermata_job_runner runner) {
    const std::lock_guard lock(mutex_);
    return *proxies_.emplace_back(std::make_unique<Bridge<JobRunner>::Proxy>(runner));
  }

  JobQueue& queue_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<JobRunner>> proxies_;
};

template <>
struct Bridge<JobQueue> {
  using Table = fermata_job_queue_vt;
  using Published = JobQueueKept;
  static const Table* table() {
    static const Table t{sizeof(Table),
                         JobQueueKept::add_runner,
                         JobQueueKept::add,
                         JobQueueKept::list,
                         JobQueueKept::with_id<&JobQueue::cancel>,
                         JobQueueKept::with_id<&JobQueue::retry>,
                         JobQueueKept::with_id<&JobQueue::forget>};
    return &t;
  }
  class Proxy final : public JobQueue, Remote<Table> {
   public:
    Proxy(const void* vt, void* self) : Remote(static_cast<const Table*>(vt), self) {}
    void add_runner(std::string_view kind, JobRunner& runner) override {
      call(&Table::add_runner, str(kind), fermata_job_runner{Bridge<JobRunner>::table(), &runner});
    }
    uint64_t add(const JobRequest& r) override {
      const fermata_job_request c{sizeof c, 0, str(r.kind), str(r.title), bytes(r.parameters), str(r.user)};
      return get<uint64_t>(&Table::add, &c);
    }
    std::unique_ptr<JobCursor> list() override { return get<std::unique_ptr<JobCursor>>(&Table::list); }
    void cancel(uint64_t id) override { call(&Table::cancel, id); }
    void retry(uint64_t id) override { call(&Table::retry, id); }
    void forget(uint64_t id) override { call(&Table::forget, id); }
  };
};

}  // namespace fermata::bridge
