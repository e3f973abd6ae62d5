#include "restore.hpp"

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>

#include "backup_check.hpp"

namespace fermata::backup {
namespace {

namespace fs = std::filesystem;

bool holds_something(const fs::path& folder) {
  std::error_code failed;
  return fs::exists(folder, failed) && (!fs::is_directory(folder, failed) || !fs::is_empty(folder, failed));
}

/// Empty where there is none.
std::string text_of(const fs::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void make_folders(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) throw system_error(failed.value(), "make the folder " + folder.string());
}

}  // namespace

Restore::Restore(fs::path backup, fs::path to, std::map<std::string, fs::path> elsewhere)
    : backup_(std::move(backup)), to_(std::move(to)), elsewhere_(std::move(elsewhere)) {}

Restore::Target Restore::target_of(const ManifestSource& source) const {
  fs::path folder;
  if (const auto named = elsewhere_.find(source.name); named != elsewhere_.end()) {
    folder = named->second;
  } else {
    auto last = fs::path(source.place).lexically_normal();
    if (last.filename().empty()) last = last.parent_path();
    folder = to_ / (last.filename().empty() ? fs::path(source.name) : last.filename());
  }
  return {folder, folder.string() + ".restoring"};
}

void Restore::plan() {
  require_whole_manifest(backup_);
  const ManifestReader reader(backup_);
  std::set<fs::path> taken;
  const bool naming = text_of(note()) == backup_.string();
  for (const auto& source : reader.sources()) {
    auto target = target_of(source);
    if (!taken.insert(target.folder).second) target = {to_ / source.name, (to_ / source.name).string() + ".restoring"};
    target.in_place = naming && !fs::exists(target.making);
    if (!target.in_place && holds_something(target.folder))
      throw Error(Code::conflict, target.folder.string() +
                                      " is there already, and a restore overwrites nothing: move it away, or name "
                                      "another folder");
    targets_[source.name] = target;
  }
  for (const auto& [name, folder] : elsewhere_)
    if (targets_.count(name) == 0)
      throw Error(Code::invalid, "the backup has nothing of " + name + ", for which a folder is named");
}

RestoreReport Restore::run(const Problem& problem, const Progress& progress, const Cancelled& cancelled) {
  plan();
  RestoreReport report;
  FileCopy copying(cancelled);
  ManifestReader reader(backup_);
  for (ManifestFile file; reader.next(file); progress(report)) {
    const auto slash = file.name.find('/');
    const auto target = targets_.find(file.name.substr(0, slash));
    if (target == targets_.end() || slash == std::string::npos)
      throw Error(Code::corrupt, "the manifest has a file of no source: " + file.name);
    try {
      if (restore(file, target->second, copying)) {
        ++report.files;
        report.bytes += file.length;
        continue;
      }
      ++report.problems;
      problem(file.name, "has other content than when it was saved; it was left out");
    } catch (const Error& error) {
      if (error.code() != Code::not_found && error.code() != Code::io) throw;
      ++report.problems;
      problem(file.name, error.what());
    }
  }
  give_names(report);
  return report;
}

/// False if it has other content than when it was saved. One that is not right is left out.
bool Restore::restore(const ManifestFile& file, const Target& target, FileCopy& copying) const {
  const auto path = (target.in_place ? target.folder : target.making) / file.name.substr(file.name.find('/') + 1);
  const auto is_right = [&](const Content& c) { return c.checksum == file.checksum && c.length == file.length; };
  if (fs::exists(path) && is_right(copying.read(path))) return true;
  if (target.in_place) return false;
  make_folders(path.parent_path());
  fs::remove(path);
  try {
    if (is_right(copying.copy(backup_ / file.name, path, Method::automatic, file.version))) return true;
  } catch (const Error&) {
    fs::remove(path);
    throw;
  }
  fs::remove(path);
  return false;
}

void Restore::give_names(RestoreReport& report) const {
  for (const auto& [name, target] : targets_) {
    if (target.in_place) continue;
    make_folders(target.making);
    fs::permissions(target.making, fs::perms::others_all, fs::perm_options::remove);
    OpenFile::folder(target.making).sync_file_system();
  }
  make_folders(to_);
  replace_file(note(), backup_.string());
  for (const auto& [name, target] : targets_) {
    report.folders.push_back(target.folder);
    if (target.in_place) continue;
    std::error_code ignored;
    fs::remove(target.folder, ignored);  // an empty one
    if (::rename(target.making.c_str(), target.folder.c_str()) != 0)
      throw system_error(errno, "rename " + target.making.string() + " to " + target.folder.string());
    sync_folder(target.folder.parent_path());
  }
  fs::remove(note());
  sync_folder(to_);
}

}  // namespace fermata::backup
