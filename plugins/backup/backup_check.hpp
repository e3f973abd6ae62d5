#pragma once
#include <filesystem>
#include <functional>
#include <string>

#include "file_copy.hpp"

namespace fermata::backup {

struct CheckReport {
  uint64_t files = 0;
  uint64_t bytes = 0;
  uint64_t problems = 0;
};

/// Reads every file of a backup and compares it with the manifest. Problems are named one by one.
/// **Errors**: not_found, unsupported, corrupt (the manifest is not whole), Interrupted.
class BackupCheck {
 public:
  using Problem = std::function<void(const std::string& name, const std::string& what)>;
  using Progress = std::function<void(const CheckReport&)>;

  CheckReport run(const std::filesystem::path& backup, const Problem& problem, const Progress& progress,
                  const Cancelled& cancelled);
};

/// Reads back what a backup has and the one `before` (perhaps nowhere) has not, and compares it with the manifest. A
/// file that is wrong is removed, so that whoever goes on with this backup copies it again.
/// **Errors**: corrupt: names the first wrong one; Interrupted.
void read_back(const std::filesystem::path& backup, const std::filesystem::path& before, const Cancelled& cancelled);

/// **Errors**: corrupt if it is not whole, so that nothing is begun with it.
void require_whole_manifest(const std::filesystem::path& backup);

}  // namespace fermata::backup
