#include "backup_check.hpp"

#include "manifest.hpp"

namespace fermata::backup {
namespace {

/// What is wrong with a file; empty: nothing.
std::string difference(const Content& content, const ManifestFile& file) {
  if (content.length != file.length)
    return "has " + std::to_string(content.length) + " bytes instead of " + std::to_string(file.length);
  return content.checksum == file.checksum ? "" : "has other content than when it was saved";
}

}  // namespace

void require_whole_manifest(const std::filesystem::path& backup) {
  ManifestReader reader(backup);
  for (ManifestFile file; reader.next(file);) {
  }
  if (!reader.complete())
    throw Error(Code::corrupt, (backup / ManifestWriter::kFileName).string() +
                                   " is not whole, so this is no whole backup: use another one");
}

void read_back(const std::filesystem::path& backup, const std::filesystem::path& before, const Cancelled& cancelled) {
  FileCopy reading(cancelled);
  uint64_t wrong = 0;
  std::string first;
  ManifestReader reader(backup);
  for (ManifestFile file; reader.next(file);) {
    std::error_code no_such_file;
    if (std::filesystem::equivalent(backup / file.name, before / file.name, no_such_file)) continue;
    std::string what;
    try {
      what = difference(reading.read_from_disk(backup / file.name), file);
    } catch (const Error& error) {
      what = error.what();
    }
    if (what.empty()) continue;
    if (++wrong == 1) first = file.name + " " + what;
    std::error_code ignored;
    std::filesystem::remove(backup / file.name, ignored);
  }
  if (!reader.complete()) throw Error(Code::corrupt, "the list of the new backup can't be read back: check its disk");
  if (wrong != 0)
    throw Error(Code::corrupt, std::to_string(wrong) + " files can't be read back as they were written, the first is " +
                                   first + ": check the disk of the backups. All backups before stay");
}

CheckReport BackupCheck::run(const std::filesystem::path& backup, const Problem& problem, const Progress& progress,
                             const Cancelled& cancelled) {
  require_whole_manifest(backup);
  CheckReport report;
  FileCopy reading(cancelled);
  const auto note = [&](const std::string& name, const std::string& what) {
    ++report.problems;
    problem(name, what);
  };
  ManifestReader reader(backup);
  for (ManifestFile file; reader.next(file);) {
    try {
      const auto content = reading.read(backup / file.name);
      report.bytes += content.length;
      if (const auto what = difference(content, file); !what.empty()) note(file.name, what);
    } catch (const Error& error) {
      note(file.name, error.code() == Code::not_found ? "is missing" : error.what());
    }
    ++report.files;
    progress(report);
  }
  for (const auto& name : reader.unreadable()) note(name, "could not be read when the backup was made");
  return report;
}

}  // namespace fermata::backup
