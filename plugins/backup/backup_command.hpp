#pragma once
#include <filesystem>
#include <functional>
#include <memory>

#include "backup_work.hpp"
#include "control_socket.hpp"
#include "fermata/command.hpp"
#include "fermata/job_queue.hpp"

namespace fermata::backup {

/// `fermata backup FOLDER`: has the running program make a backup, or makes one itself if none runs.
///
/// **Ownership**: borrows the work, if it was given one: that is once the plugins are started.
class BackupCommand final : public Command {
 public:
  explicit BackupCommand(std::filesystem::path folder) : folder_(std::move(folder)) {}
  void work_with(BackupWork& work) { work_ = &work; }

  std::string_view name() override { return "backup"; }
  std::string_view summary() override { return "Back the archive up into a folder, running or not"; }
  bool needs_plugins(std::span<const std::string_view> arguments) override;
  int32_t run(std::span<const std::string_view> arguments) override;

 private:
  int32_t make_here(const std::filesystem::path& destination);

  const std::filesystem::path folder_;  ///< of the control socket
  BackupWork* work_ = nullptr;
  std::unique_ptr<ControlConnection> running_;
};

/// The other end: adds the job that a verb asks for, and says how it goes until it has ended.
class BackupDesk {
 public:
  /// `verify` begins a verification and returns its number.
  BackupDesk(JobQueue& queue, std::function<uint64_t()> verify) : queue_(queue), verify_(std::move(verify)) {}
  void serve(ControlConnection& client, const std::function<bool()>& stopping);

 private:
  uint64_t add(const std::string& request);
  void follow(ControlConnection& client, uint64_t number, const std::function<bool()>& stopping);

  JobQueue& queue_;
  const std::function<uint64_t()> verify_;
};

}  // namespace fermata::backup
