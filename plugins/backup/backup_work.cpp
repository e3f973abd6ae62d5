#include "backup_work.hpp"

#include <algorithm>
#include <random>

namespace fermata::backup {
namespace {

constexpr const char* kFolder = "FERMATA_BACKUPS";
constexpr const char* kResult = "FERMATA_BACKUP_RESULT";
constexpr const char* kName = "FERMATA_BACKUP_NAME";

bool is_there(const std::filesystem::path& destination, const std::string& id) {
  for (const auto& name : backups_in(destination)) {
    try {
      if (ManifestReader(destination / name).id() == id) return true;
    } catch (const Error&) {  // a damaged one is not it
    }
  }
  return false;
}

/// The first of `names` that is in a backup; null if none is.
const std::string* first_in(const std::filesystem::path& backup, const std::vector<std::string>& names) {
  std::error_code ignored;
  const auto found = std::find_if(names.begin(), names.end(),
                                  [&](const auto& name) { return std::filesystem::exists(backup / name, ignored); });
  return found == names.end() ? nullptr : &*found;
}

}  // namespace

std::string random_id() {
  std::random_device device;
  std::string id;
  for (int i = 0; i < 16; ++i) id += "0123456789abcdefghijklmnopqrstuv"[device() & 31];
  return id;
}

BackupReport BackupWork::run(const std::filesystem::path& path, Destination::Missing missing, const std::string& id,
                             const BackupMaker::Progress& progress, const Cancelled& cancelled) {
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock) throw Error(Code::conflict, "a backup is being made already: wait for its end");
  Destination destination(path, missing);
  if (is_there(path, id)) return {};
  try {
    for (const auto& command : settings_.before) run_hook(command, {{kFolder, path}}, settings_.hook_limit);
    auto report = make(destination, id, progress, cancelled);
    run_after(path, "done", report.name);
    return report;
  } catch (...) {
    run_after(path, "failed", "");
    throw;
  }
}

BackupReport BackupWork::make(Destination& destination, const std::string& id, const BackupMaker::Progress& progress,
                              const Cancelled& cancelled) {
  auto report = BackupMaker(sources_, settings_.method, settings_.keep.any(), journal_)
                    .make(destination, id, progress, cancelled);
  journal_.count("backups_total", 1);
  if (!report.unreadable.empty()) journal_.count("unreadable_files_total", report.unreadable.size());
  journal_.log(LogLevel::info, "a backup is made",
               {{"folder", (destination.path() / report.name).string()},
                {"files", std::to_string(report.files)},
                {"new_files", std::to_string(report.new_files)},
                {"new_bytes", std::to_string(report.new_bytes)}});
  prune(destination, report);
  return report;
}

/// The backup is there whatever they do.
void BackupWork::run_after(const std::filesystem::path& path, const std::string& result, const std::string& name) {
  for (const auto& command : settings_.after) {
    try {
      run_hook(command, {{kFolder, path}, {kResult, result}, {kName, name}}, settings_.hook_limit);
    } catch (const Error& error) {
      journal_.count("failed_hooks_total", 1);
      journal_.log(LogLevel::error, std::string("after a backup: ") + error.what(), {});
    }
  }
}

/// An old backup that can't be removed is no reason to call the new one failed. One that has what the new one could not
/// read stays.
void BackupWork::prune(Destination& destination, const BackupReport& made) {
  try {
    for (const auto& name : superfluous(backups_in(destination.path()), settings_.keep)) {
      if (const auto* only_there = first_in(destination.path() / name, made.unreadable)) {
        journal_.log(LogLevel::warning,
                     "an old backup stays: it has a file that can't be read in the archive; run `fermata repair`",
                     {{"folder", (destination.path() / name).string()}, {"file", *only_there}});
        continue;
      }
      destination.remove(name);
      journal_.log(LogLevel::info, "an old backup is removed", {{"folder", (destination.path() / name).string()}});
    }
  } catch (const std::exception& error) {
    journal_.log(LogLevel::error, std::string("old backups can't be removed: ") + error.what(), {});
  }
}

}  // namespace fermata::backup
