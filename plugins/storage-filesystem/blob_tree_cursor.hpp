#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "fermata/blob_store.hpp"

namespace fermata::storage_filesystem {

/// Walks the tree of blobs in the order of their keys, one folder of each level in memory at a time.
///
/// Folders with nothing behind `after` are not read. Whatever has a name that no key can have is passed over.
/// **Thread**, **Errors**: as `BlobCursor`.
class BlobTreeCursor final : public BlobCursor {
 public:
  /// `objects` is the top of the tree, `path` its name for messages; it is open as long as the cursor lives.
  BlobTreeCursor(int objects, std::string path, std::string after);

  bool next(BlobEntry& entry) override;

 private:
  struct Level {
    std::string prefix;              // of the keys in this folder: "" or "2026/11/"
    std::vector<std::string> names;  // sorted; those of folders end in '/', which is how they sort among keys
    std::size_t at = 0;
  };

  void enter(std::string prefix);
  bool comes_after(const std::string& key) const;
  bool stat_blob(BlobEntry& entry) const;

  const int objects_;
  const std::string path_;
  const std::string after_;
  std::string key_;
  std::vector<Level> levels_;
};

}  // namespace fermata::storage_filesystem
