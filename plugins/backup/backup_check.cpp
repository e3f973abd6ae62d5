#include "backup_check.hpp"

#include "manifest.hpp"

namespace fermata::backup {

void require_whole_manifest(const std::filesystem::path& backup) {
  ManifestReader reader(backup);
  for (ManifestFile file; reader.next(file);) {
  }
  if (!reader.complete())
    throw Error(Code::corrupt, (backup / ManifestWriter::kFileName).string() +
                                   " is not whole, so this is no whole backup: use another one");
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
      if (content.length != file.length)
        note(file.name, "has " + std::to_string(content.length) + " bytes instead of " + std::to_string(file.length));
      else if (content.checksum != file.checksum)
        note(file.name, "has other content than when it was saved");
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
