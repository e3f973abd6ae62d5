#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "fermata/c/job_queue.h"

namespace fermata {

/// Work to be done. Views are borrowed for the call.
struct JobRequest {
  std::string_view kind;                  ///< which runner: "send"
  std::string_view title;                 ///< for people: "Send 2 studies to READING1"; without patient data
  std::span<const std::byte> parameters;  ///< for the runner, in a form of its own, up to 512 KiB
  std::string_view user;                  ///< on whose behalf; empty: the archive's own
};

/// A job as it stands. Views are valid until the cursor's next call.
struct Job {
  enum class State : uint32_t {
    waiting = FERMATA_JOB_WAITING,  ///< for its turn, or for its next attempt
    running = FERMATA_JOB_RUNNING,
    done = FERMATA_JOB_DONE,
    failed = FERMATA_JOB_FAILED,
    cancelled = FERMATA_JOB_CANCELLED,
  };
  uint64_t id = 0;
  State state = State::waiting;
  std::string_view kind;
  std::string_view title;
  std::span<const std::byte> parameters;
  std::string_view user;
  std::string_view message;  ///< how it goes, or why it failed
  uint64_t done = 0;
  uint64_t total = 0;  ///< 0: not known
  uint64_t attempts = 0;
  int64_t created_us = 0;  ///< since 1970-01-01 UTC, as all times
  int64_t changed_us = 0;
  int64_t next_attempt_us = 0;  ///< 0: none is planned
};

class JobCursor {
 public:
  virtual ~JobCursor() = default;
  virtual bool next(Job& job) = 0;
};

/// One run of a job, as its runner sees it. Valid during `run`. **Thread**: that of `run`; `cancelled` any.
class JobRun {
 public:
  virtual ~JobRun() = default;
  virtual uint64_t id() = 0;
  virtual std::span<const std::byte> parameters() = 0;
  /// What the last attempt saved; empty in the first one.
  virtual std::span<const std::byte> checkpoint() = 0;
  /// Where to go on after a failure or a restart. Durable when it returns: save rarely.
  virtual void save(std::span<const std::byte> checkpoint) = 0;
  virtual void progress(uint64_t done, uint64_t total, std::string_view message) = 0;  ///< cheap; not durable
  /// Somebody has cancelled the job, or the archive stops: save, and return soon.
  virtual bool cancelled() = 0;
};

/// Does jobs of one kind.
/// **Thread**: each run on a thread of the queue, any number at once. **Errors**: unavailable, io and no_space are
/// tried again after a while; everything else is a failure that a person may retry. The message is shown to people.
class JobRunner {
 public:
  virtual ~JobRunner() = default;
  virtual void run(JobRun& run) = 0;
};

/// Work that goes on after its request has been answered, and over restarts.
///
/// *Provided by* jobs; *used by* whatever has work that takes longer than a request, and by the administration.
/// **Thread**: all functions from any thread; `add_runner` in `start`. **Ownership**: a runner stays its plugin's and
/// lives until `stop`; no run is under way once `jobs` has drained. **Durability**: a job that was added is done, even
/// if the program is killed: its runner may see it several times. **Errors**: not_found, conflict (the kind has a
/// runner already; a job that runs can't be retried or forgotten), invalid.
class JobQueue {
 public:
  static constexpr const char* kId = FERMATA_JOB_QUEUE_ID;
  virtual ~JobQueue() = default;
  virtual void add_runner(std::string_view kind, JobRunner& runner) = 0;
  /// Returns the job's number.
  virtual uint64_t add(const JobRequest& request) = 0;
  virtual std::unique_ptr<JobCursor> list() = 0;  ///< latest first
  virtual void cancel(uint64_t id) = 0;
  virtual void retry(uint64_t id) = 0;   ///< one that failed or was cancelled goes on from its checkpoint
  virtual void forget(uint64_t id) = 0;  ///< takes one that has ended off the list
};

}  // namespace fermata

#include "fermata/bridge/job_queue.hpp"  // IWYU pragma: export
