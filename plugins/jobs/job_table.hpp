#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/journal.hpp"
#include "fermata/state_store.hpp"
#include "job_record.hpp"
#include "job_store.hpp"
#include "rate.hpp"
#include "transitions.hpp"
#include "turns.hpp"

namespace fermata::jobs {

using Kinds = std::set<std::string, std::less<>>;
using Clock = std::function<int64_t()>;  ///< microseconds since 1970-01-01 UTC

struct TableSettings {
  uint64_t most_attempts = 10;  ///< fruitless ones in a row
  int64_t keep_us = 0;          ///< ended jobs
  std::size_t most_ended = 2000;
};

/// A job as it is shown: without parameters and checkpoint.
struct JobView {
  JobRecord job;
  std::optional<double> rate;  ///< items per second, while it runs
};

/// All jobs, what state they are in, and which one comes next. Each change of state is in the state store before it is
/// seen; of a job that has ended, parameters and checkpoint are only there.
///
/// **Thread**: any; `progress` and `list` never wait for the disk. **Errors**: those of JobQueue and of the state
/// store. An end of a run that can't be written is logged, and written by `tidy` later: until then a restart would run
/// the job again.
class JobTable {
 public:
  JobTable(StateStore& store, TableSettings settings, Clock now, Journal journal);

  /// What ran when the program ended waits again. A document that can't be read is logged and left alone.
  void load();

  uint64_t add(const JobRequest& request);
  void cancel(uint64_t id);
  void retry(uint64_t id);
  void forget(uint64_t id);

  /// Latest first. `kinds`: those that can be run.
  std::vector<JobView> list(const Kinds& kinds);
  JobView view(uint64_t id, const Kinds& kinds);
  Bytes parameters(uint64_t id);

  struct Claim {
    JobRecord job;
    std::shared_ptr<const std::atomic<bool>> cancelled;
  };
  /// The job whose turn it is, from now on running; none if none of these kinds is due.
  std::optional<Claim> claim(const Kinds& kinds);
  std::optional<int64_t> next_due(const Kinds& kinds);

  void save(uint64_t id, std::span<const std::byte> checkpoint);
  void progress(uint64_t id, uint64_t done, uint64_t total, std::string_view message);
  void end(uint64_t id, const RunEnd& how);

  /// Removes what ended long ago, and writes what could not be written.
  void tidy();
  /// Tells how many jobs wait, run and have failed.
  void report();

 private:
  struct Entry {
    JobRecord job;
    Rate rate;
    std::shared_ptr<std::atomic<bool>> cancelled;
    bool unwritten = false;
  };
  template <class Edit>
  void change(uint64_t id, const Edit& edit);
  template <class Edit>
  void apply(uint64_t id, bool written, const Edit& edit);
  void keep_loaded(JobRecord job);
  void take_up_again(uint64_t id);
  JobRecord copy(uint64_t id);
  std::optional<uint64_t> next_ready(const Kinds& kinds);
  void end_durably(uint64_t id, const std::function<void(JobRecord&)>& edit);
  std::vector<uint64_t> outlived();
  JobView view_of(const Entry& entry, const Kinds& kinds) const;

  JobStore store_;
  const TableSettings settings_;
  const Clock now_;
  const Journal journal_;

  std::mutex writing_;  // taken before mutex_, held while a change is written
  std::mutex mutex_;
  std::map<uint64_t, Entry> entries_;
  Turns turns_;
  uint64_t last_id_ = 0;
};

}  // namespace fermata::jobs
