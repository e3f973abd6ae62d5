#pragma once
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "directory_tree.hpp"

namespace fermata::storage_filesystem {

using Directories = std::set<std::shared_ptr<Directory>>;

/// Where names were made or removed.
struct Changes {
  Directories folders;
  bool elsewhere = false;  ///< in others as well; only for a Durability that covers all folders
};

/// How written data and new names are made to survive a power cut: one of the two ways below, by file system.
///
/// **Thread**: any. **Errors**: io, no_space. After one, the file or the names it was called for must not be believed
/// to be durable, and no second call for them makes them so: the kernel reports a failed write once, and then forgets
/// it.
class Durability {
 public:
  virtual ~Durability() = default;
  /// Called with a complete file, before it gets its name.
  virtual void settle(const FileDescriptor& file, const std::string& path) = 0;
  /// When this returns, the changes made before the call are durable, and so are the files that were settled before
  /// they got their names.
  virtual void make_names_durable(const Changes& changes) = 0;
  /// What was written over bytes that the file had before is durable when this returns.
  virtual void flush(const FileDescriptor& file, const std::string& path);
  /// Everything that has changed on the file system of `folder` before the call is durable when this returns. Told of
  /// what the kernel failed to write since `folder` was opened, or since the call before.
  virtual void make_everything_durable(const FileDescriptor& folder);
  /// Whether it understands `Changes::elsewhere`: then nobody needs to remember in which folders names were removed.
  virtual bool covers_all_folders() const = 0;
  virtual std::string_view name() const = 0;
};

/// For ext4 and XFS: one journal commit for everything (docs/adr/0001-one-wait-per-object.md says why this is right).
///
/// These file systems write the change of a file's size and extents to their journal once the data has been written
/// back, and they commit the journal in order. So a file that is settled (its data written back and waited for) and
/// only then renamed cannot come out of a crash with the new name and without its content. The commit's flush of the
/// device's cache covers the data as well: it was handed to the device before the commit began.
class OrderedDurability final : public Durability {
 public:
  /// `marker`: a folder on the same file system whose time of change may be set.
  OrderedDurability(FileDescriptor marker, std::string path);
  void settle(const FileDescriptor& file, const std::string& path) override;
  void make_names_durable(const Changes& changes) override;
  bool covers_all_folders() const override { return true; }
  std::string_view name() const override { return "ordered"; }

 private:
  void commit_journal(const FileDescriptor& folder) const;

  const FileDescriptor marker_;
  const std::string path_;
};

/// For every file system: each file and each changed folder by itself, as POSIX has it.
class StrictDurability final : public Durability {
 public:
  void settle(const FileDescriptor& file, const std::string& path) override;
  void make_names_durable(const Changes& changes) override;
  bool covers_all_folders() const override { return false; }
  std::string_view name() const override { return "strict"; }
};

/// Whether the file system that `file` is on is one that OrderedDurability is for. In doubt, it is not.
bool commits_in_order(const FileDescriptor& file);

}  // namespace fermata::storage_filesystem
