#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace fermata::imports {

/// What an import is to do, as the parameters of its job say it in JSON.
///
/// **Thread**: a value. **Errors** of `from_json`: invalid, or unsupported if a newer version of the program wrote it.
struct ImportPlan {
  std::string kind;    ///< "folder", "file", "dicomdir", "horos", "orthanc", "dcm4chee", "node"
  std::string source;  ///< an absolute path, or the AE title of a node
  bool dry_run = false;
  uint64_t rate = 0;                 ///< files in a second, at most; 0: as fast as it goes
  std::string hours;                 ///< "20:00-06:00": only then, in local time; empty: always
  std::vector<std::string> folders;  ///< no link may lead out of these; empty: links may lead anywhere
  std::string from;                  ///< a node's studies: the first Study Date, YYYYMMDD; empty: no limit
  std::string to;                    ///< likewise: the last one
  std::string user;                  ///< on whose behalf, for the audit trail
  std::string address;               ///< from where they asked for it

  std::string to_json() const;
  static ImportPlan from_json(std::span<const std::byte> text);
  /// "Import the Horos or OsiriX folder /import/Horos Data"
  std::string title() const;
  /// Whether what a link leads to may be read: an absolute path without links.
  bool may_read(const std::filesystem::path& target) const;
};

/// Whether `path` is `folder`, or in it: both absolute, without links.
bool lies_in(const std::filesystem::path& path, const std::filesystem::path& folder);

}  // namespace fermata::imports
