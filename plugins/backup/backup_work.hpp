#pragma once
#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include "backup_maker.hpp"
#include "hook_command.hpp"
#include "retention.hpp"

namespace fermata::backup {

/// How backups are made, as the configuration has it.
struct WorkSettings {
  Method method = Method::automatic;
  Retention keep;
  std::vector<HookCommand> before;  ///< run before the first file is read; one that fails stops the backup
  std::vector<HookCommand> after;   ///< run at the end, also after a failure
  std::chrono::milliseconds hook_limit{600'000};
};

/// A backup with everything around it: the commands before and after, and the removal of those that are kept no longer.
///
/// **Thread**: any; conflict where one is being made. **Ownership**: borrows the sources. **Errors**: as BackupMaker;
/// those of the hooks.
class BackupWork {
 public:
  BackupWork(std::vector<Named<BackupSource>> sources, WorkSettings settings, Journal journal)
      : sources_(std::move(sources)), settings_(std::move(settings)), journal_(std::move(journal)) {}

  /// A backup from the same request (`id`) that is there already is not made again: an empty report.
  BackupReport run(const std::filesystem::path& path, Destination::Missing missing, const std::string& id,
                   const BackupMaker::Progress& progress, const Cancelled& cancelled);

 private:
  BackupReport make(Destination& destination, const std::string& id, const BackupMaker::Progress& progress,
                    const Cancelled& cancelled);
  void run_after(const std::filesystem::path& path, const std::string& result, const std::string& name);
  void prune(Destination& destination, const BackupReport& made);

  std::vector<Named<BackupSource>> sources_;
  const WorkSettings settings_;
  const Journal journal_;
  std::mutex mutex_;
};

/// Letters and digits by which a request is told from all others.
std::string random_id();

}  // namespace fermata::backup
