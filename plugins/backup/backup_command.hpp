#pragma once
#include <filesystem>
#include <memory>

#include "backup_work.hpp"
#include "fermata/command.hpp"
#include "local-socket/connection.hpp"

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
  std::string_view usage() override {
    return "fermata backup FOLDER    back the archive up into a folder, running or not";
  }
  bool needs_plugins(std::span<const std::string_view> arguments) override;
  int32_t run(std::span<const std::string_view> arguments) override;

 private:
  int32_t make_here(const std::filesystem::path& destination);

  const std::filesystem::path folder_;  ///< of the control socket
  BackupWork* work_ = nullptr;
  std::unique_ptr<local_socket::Connection> running_;
};

}  // namespace fermata::backup
