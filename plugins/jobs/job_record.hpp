#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "fermata/job_queue.hpp"

namespace fermata::jobs {

using Bytes = std::vector<std::byte>;

/// A job as it is kept. **Thread**: a value.
struct JobRecord {
  uint64_t id = 0;
  Job::State state = Job::State::waiting;
  std::string kind;
  std::string title;
  std::string user;
  std::string message;
  uint64_t done = 0;
  uint64_t total = 0;
  uint64_t attempts = 0;
  uint64_t fruitless = 0;      ///< attempts in a row that failed and had saved nothing
  bool cancel_wanted = false;  ///< somebody cancelled it while it ran
  int64_t created_us = 0;
  int64_t changed_us = 0;
  int64_t next_attempt_us = 0;
  Bytes parameters;
  Bytes checkpoint;

  bool ended() const { return state != Job::State::waiting && state != Job::State::running; }
};

}  // namespace fermata::jobs
