#pragma once
#include "fermata/command.hpp"

namespace fermata::backup {

/// `fermata restore BACKUP --to FOLDER [--to PLUGIN=FOLDER]`: problems on standard output, one a line; exit code 1 if
/// there are any. It needs no plugin, and no archive.
class RestoreCommand final : public Command {
 public:
  std::string_view name() override { return "restore"; }
  std::string_view summary() override { return "Bring a backup back into folders that are not there yet"; }
  std::string_view usage() override {
    return "fermata restore BACKUP --to FOLDER    bring a backup back into a folder that is not there yet\n"
           "    --to PLUGIN=FOLDER                a plugin's data elsewhere";
  }
  bool needs_plugins(std::span<const std::string_view>) override { return false; }
  int32_t run(std::span<const std::string_view> arguments) override;
};

/// `fermata verify-backup BACKUP`: reads all of it; problems on standard output, exit code 1 if there are any.
class VerifyBackupCommand final : public Command {
 public:
  std::string_view name() override { return "verify-backup"; }
  std::string_view summary() override { return "Read a backup and compare it with its checksums"; }
  std::string_view usage() override {
    return "fermata verify-backup BACKUP    read a backup and compare it with its checksums";
  }
  bool needs_plugins(std::span<const std::string_view>) override { return false; }
  int32_t run(std::span<const std::string_view> arguments) override;
};

}  // namespace fermata::backup
