#pragma once
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "backup_name.hpp"
#include "fermata/dimse_client.hpp"
#include "fermata/integrity.hpp"
#include "fermata/job_queue.hpp"
#include "fermata/journal.hpp"
#include "fermata/state_store.hpp"
#include "local-socket/job_problems.hpp"

namespace fermata::backup {

/// How far a verification has come, or what it has found in the end.
struct VerificationState {
  std::string after;  ///< the last blob that was read
  uint64_t objects = 0;
  uint64_t bytes = 0;
  uint64_t healed = 0;
  uint64_t open = 0;                  ///< damaged, and no copy was right
  std::vector<std::string> findings;  ///< the first ones, for people
  Moment began = 0;
  Moment ended = 0;

  std::string to_json() const;
  static VerificationState from_json(std::span<const std::byte> text);  ///< a new one if there is no text
  std::string text() const;
};

struct VerificationSettings {
  std::chrono::milliseconds every{0};  ///< from the end of one to the next; 0: by command only
  uint64_t rate = 0;                   ///< bytes a second
  std::filesystem::path backups;       ///< where copies may be
  std::vector<std::filesystem::path> mirrors;
  DimseClient* dimse = nullptr;  ///< to have nodes send what is damaged; null: none can be asked
  std::string own_ae_title;      ///< as they know this archive
};

/// Reads the whole archive again, at a bounded rate, and has healed what can be: jobs of the kind "verify", by command
/// and by schedule. An interrupted one goes on where it was.
///
/// **Thread**: any. **Ownership**: borrows all.
class Verification final : public JobRunner {
 public:
  static constexpr const char* kKind = "verify";

  Verification(Integrity& integrity, StateStore& state, JobQueue& queue, local_socket::JobProblems& problems,
               VerificationSettings settings, Journal journal, std::function<void()> ended);

  void run(JobRun& run) override;
  void look();  ///< again and again: adds a job when one is due
  /// Now. `node`: its AE title has what no copy is right of sent again; empty: nobody is asked. **Errors**: conflict
  /// (one waits or runs), unsupported (there is no DICOM), and those of DimseClient: the node can't be asked.
  uint64_t begin(std::string_view user, const std::string& node = {});
  uint64_t pending();        ///< the number of the job that waits or runs; 0: none
  VerificationState last();  ///< as it ended; `ended` is 0 if there was none
  std::string trouble();
  uint64_t rate() const { return settings_.rate; }  ///< bytes a second; 0: as fast as it goes

 private:
  uint64_t add(std::string_view user, const std::string& node);
  std::unique_ptr<ObjectCopies> copies(const std::string& node) const;
  DimseClient& client() const;
  void take_down(const Finding& finding, VerificationState& state);
  void keep(const VerificationState& state);

  Integrity& integrity_;
  StateStore& state_;
  JobQueue& queue_;
  local_socket::JobProblems& problems_;
  const VerificationSettings settings_;
  const Journal journal_;
  const std::function<void()> ended_;
  std::mutex mutex_;
  VerificationState last_;  ///< under mutex_
  Moment looked_first_ = 0;
};

}  // namespace fermata::backup
