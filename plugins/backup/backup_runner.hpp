#pragma once
#include <filesystem>
#include <functional>
#include <string>

#include "backup_work.hpp"
#include "fermata/job_queue.hpp"
#include "local-socket/job_problems.hpp"

namespace fermata::backup {

/// What a job of the kind "backup" has to do, as its parameters.
struct BackupRequest {
  std::filesystem::path destination;
  Destination::Missing missing = Destination::Missing::refuse;
  std::string id = random_id();
  bool scheduled = false;

  std::string to_json() const;
  static BackupRequest from_json(std::span<const std::byte> text);
};

/// Does jobs of the kind "backup".
///
/// A job that a stop has interrupted goes on with what was copied. Every error ends it: a full disk does not get empty
/// by trying, and the schedule comes again. **Thread**: any. **Ownership**: borrows all.
class BackupRunner final : public JobRunner {
 public:
  static constexpr const char* kKind = "backup";
  /// Hears how a job has ended; `failure` is empty if it went well.
  using Ended = std::function<void(const BackupRequest&, const BackupReport&, const std::string& failure)>;

  BackupRunner(BackupWork& work, local_socket::JobProblems& problems, Ended ended)
      : work_(work), problems_(problems), ended_(std::move(ended)) {}
  void run(JobRun& run) override;

 private:
  BackupWork& work_;
  local_socket::JobProblems& problems_;
  const Ended ended_;
};

/// Adds the job. Returns its number.
uint64_t add_backup(JobQueue& queue, const BackupRequest& request, std::string_view user);

/// The number of a backup that waits or runs; 0 if there is none.
uint64_t pending_backup(JobQueue& queue);

}  // namespace fermata::backup
