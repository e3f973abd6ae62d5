#include "transitions.hpp"

#include "retry_delay.hpp"

namespace fermata::jobs {
namespace {

using State = Job::State;

/// By the program's end, which is no fault of the job.
void interrupt(JobRecord& job) {
  job.state = State::waiting;
  --job.attempts;
  if (job.fruitless > 0) --job.fruitless;
}

void try_again(JobRecord& job, uint64_t most_attempts, int64_t now_us) {
  if (job.fruitless < most_attempts) {
    job.state = State::waiting;
    job.next_attempt_us = now_us + retry_delay_us(job.fruitless);
  } else {
    job.state = State::failed;
    job.message += "; given up after " + std::to_string(job.fruitless) + " attempts";
  }
}

}  // namespace

void begin_run(JobRecord& job) {
  job.state = State::running;
  job.message.clear();
  job.next_attempt_us = 0;
  ++job.attempts;
  ++job.fruitless;
}

void end_run(JobRecord& job, const RunEnd& how, uint64_t most_attempts, int64_t now_us) {
  if (!how.message.empty()) job.message = how.message;
  switch (how.kind) {
    case RunEnd::Kind::done:
      job.state = State::done;
      break;
    case RunEnd::Kind::cancelled:
      job.state = State::cancelled;
      break;
    case RunEnd::Kind::interrupted:
      interrupt(job);
      break;
    case RunEnd::Kind::try_again:
      try_again(job, most_attempts, now_us);
      break;
    case RunEnd::Kind::failed:
      job.state = State::failed;
      break;
  }
  // A run may end for another reason after it was cancelled: then there is no further attempt all the same.
  if (job.cancel_wanted && job.state == State::waiting) {
    job.state = State::cancelled;
    job.next_attempt_us = 0;
  }
}

void take_up_after_start(JobRecord& job, uint64_t most_attempts) {
  if (job.state != State::running) return;
  if (job.cancel_wanted) {
    job.state = State::cancelled;
  } else if (job.fruitless >= most_attempts) {
    job.state = State::failed;
    job.message = "the archive was ended while this job ran, " + std::to_string(job.fruitless) + " times in a row";
  } else {
    job.state = State::waiting;
  }
}

void wait_again(JobRecord& job) {
  job.state = State::waiting;
  job.message.clear();
  job.fruitless = 0;
  job.cancel_wanted = false;
  job.next_attempt_us = 0;
}

}  // namespace fermata::jobs
