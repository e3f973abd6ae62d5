#pragma once
#include <cstdint>
#include <string>

#include "job_record.hpp"

namespace fermata::jobs {

/// How a run has ended.
struct RunEnd {
  enum class Kind { done, cancelled, interrupted, try_again, failed };
  Kind kind = Kind::done;
  std::string message;  ///< why; empty: what the job said last stays
};

/// A job's ways from state to state. Each changes the job as it will be written.
void begin_run(JobRecord& job);
/// After `most_attempts` fruitless ones in a row there is no further attempt.
void end_run(JobRecord& job, const RunEnd& how, uint64_t most_attempts, int64_t now_us);
/// What ran when the program ended, waits again; unless it has been cancelled, or has ended the program too often.
void take_up_after_start(JobRecord& job, uint64_t most_attempts);
void wait_again(JobRecord& job);  ///< because somebody wants it

}  // namespace fermata::jobs
