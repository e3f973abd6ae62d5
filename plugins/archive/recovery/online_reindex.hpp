#pragma once
#include <functional>
#include <memory>

#include "fermata/job_queue.hpp"
#include "local-socket/job_problems.hpp"
#include "recovery/blobs_into_index.hpp"

namespace fermata::archive {

/// Makes the index anew while the archive is in use: jobs of the kind "reindex".
///
/// **Thread**, **Errors**: as JobRunner. **Ownership**: borrows all; `ready` returns when the archive has recovered.
class OnlineReindex final : public JobRunner {
 public:
  static constexpr const char* kKind = "reindex";

  OnlineReindex(Ingest& ingest, StateStore& state, IndexRenewal& renewal, JobQueue& queue, std::function<void()> ready)
      : ingest_(ingest), state_(state), renewal_(renewal), queue_(queue), ready_(std::move(ready)) {}
  void run(JobRun& run) override;
  /// The number of the job that does it: a new one, unless one waits or runs.
  uint64_t ask_for();
  /// How many objects of each job's are damaged.
  const local_socket::JobProblems& problems() const { return problems_; }
  /// Removes the half of an index that no job will go on with.
  void tidy();

 private:
  std::unique_ptr<NewIndex> new_index(JobRun& run);
  bool read_blobs(NewIndex& made, JobRun& run, ReindexPosition& position);
  bool catch_up(NewIndex& made, JobRun& run);
  void refuse_losses(NewIndex& made);

  Ingest& ingest_;
  StateStore& state_;
  IndexRenewal& renewal_;
  JobQueue& queue_;
  const std::function<void()> ready_;
  local_socket::JobProblems problems_;
};

}  // namespace fermata::archive
