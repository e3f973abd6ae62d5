#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "sources/database_copy.hpp"
#include "sources/source.hpp"

namespace fermata::imports {

/// What the files in Orthanc's storage folder are: its database says it, where that is an SQLite file beside them;
/// otherwise the files themselves.
///
/// Objects may be compressed with zlib (Orthanc's StorageCompression). Beside objects there are attachments in JSON,
/// and the beginnings of objects up to their pixel data, which are no objects.
/// **Thread**: `adapt` one at a time. **Ownership**: shares the copy of the database, which may be null.
class OrthancAttachments {
 public:
  explicit OrthancAttachments(std::shared_ptr<const DatabaseCopy> database);

  void adapt(Entry& entry, const std::filesystem::path& relative, const std::filesystem::path& full);

 private:
  const std::shared_ptr<const DatabaseCopy> database_;
  std::optional<DatabaseRows> attachment_;
};

/// Whether a path in Orthanc's folder is that of an attachment: "ab/cd/abcd....".
bool is_attachment(const std::filesystem::path& relative);

}  // namespace fermata::imports
