#include "filesystem_blob_store.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>

#include "blob_file_reader.hpp"
#include "blob_tree_cursor.hpp"
#include "fermata/blob_key.hpp"
#include "journal_replay.hpp"
#include "system_error.hpp"

namespace fermata::storage_filesystem {
namespace {

constexpr std::size_t kFoldersAtOnce = 16;  // in one round, which those wait for who store meanwhile

std::string folder_of(std::string_view path) { return std::string(folder_and_name(path).first); }

/// Where it was measured to be faster: on ext4 without a journal. One with a journal has but one wait for each object
/// anyway, and of other file systems nobody knows whether overwriting is faster than making a file.
bool gains_by_journal(int folder, const Durability& durability) {
  struct statfs status {};
  return !durability.covers_all_folders() && ::fstatfs(folder, &status) == 0 && status.f_type == EXT4_SUPER_MAGIC;
}

std::unique_ptr<Durability> choose_durability(DurabilityChoice choice, const RootFolder& root) {
  auto incoming = root.incoming();
  const bool ordered =
      choice == DurabilityChoice::ordered || (choice == DurabilityChoice::automatic && commits_in_order(incoming));
  if (ordered) return std::make_unique<OrderedDurability>(std::move(incoming), root.path() + "/incoming");
  return std::make_unique<StrictDurability>();
}

}  // namespace

FilesystemBlobStore::FilesystemBlobStore(const StoreSettings& settings) : FilesystemBlobStore(settings, nullptr) {}

FilesystemBlobStore::FilesystemBlobStore(const StoreSettings& settings, std::unique_ptr<Durability> durability)
    : root_(settings.root),
      objects_(root_.objects(), root_.path() + "/objects"),
      held_(root_),
      backup_(root_, held_),
      durability_(durability ? std::move(durability) : choose_durability(settings.durability, root_)),
      commits_(*durability_, soundness_),
      space_(root_.path(), settings.reserve),
      replayed_(replay_journal(root_, objects_, *durability_)),
      journal_(open_journal(settings.journal)),
      writing_{objects_,       *durability_,     commits_,
               soundness_,     space_,           keys_,
               journal_.get(), root_.incoming(), root_.path() + "/incoming"} {}

/// None if it is not wanted, or if there is no room for it: then blobs are made durable one by one.
std::unique_ptr<BlobJournal> FilesystemBlobStore::open_journal(const JournalSettings& settings) {
  root_.write_marker(RootFolder::Layout::plain);
  if (settings.largest == 0) return nullptr;
  if (!settings.on_any_file_system && !gains_by_journal(objects_.fd(), *durability_)) return nullptr;
  const uint64_t room = settings.segments * settings.segment_bytes;
  try {
    space_.claim(room);
  } catch (const Error& error) {
    without_journal_ = error.what();
    return nullptr;
  }
  std::unique_ptr<BlobJournal> journal;
  try {
    journal = std::make_unique<BlobJournal>(root_, settings, *durability_, soundness_);
  } catch (const Error& error) {
    if (error.code() != Code::no_space) throw;
    without_journal_ = error.what();
  }
  space_.release(room);
  return journal;
}

std::unique_ptr<BlobWriter> FilesystemBlobStore::create(std::string_view key) {
  require_blob_key(key);
  return std::make_unique<BlobFileWriter>(writing_, std::string(key));
}

std::unique_ptr<BlobReader> FilesystemBlobStore::open(std::string_view key) {
  require_blob_key(key);
  const std::string name(key);
  return std::make_unique<BlobFileReader>(objects_.fd(), name, objects_.path() + "/" + name);
}

void FilesystemBlobStore::remove(std::string_view key) {
  require_blob_key(key);
  const std::string name(key);
  const KeysInUse::Use use(keys_, key);
  if (!held_.take(objects_.fd(), name) && ::unlinkat(objects_.fd(), name.c_str(), 0) != 0) {
    if (errno == ENOENT || errno == ENOTDIR || errno == EISDIR)
      throw Error(Code::not_found, "there is no blob under the key " + name);
    throw system_error(errno, "remove " + objects_.path() + "/" + name);
  }
  if (journal_) journal_->record_removal(key);
  auto changed = remove_empty_folders(folder_of(key));
  if (durability_->covers_all_folders()) return;
  const std::lock_guard lock(removed_mutex_);
  removed_from_.insert(std::move(changed));
}

std::unique_ptr<BlobCursor> FilesystemBlobStore::list(std::string_view after) {
  return std::make_unique<BlobTreeCursor>(objects_.fd(), objects_.path(), std::string(after));
}

void FilesystemBlobStore::sync() {
  // One at a time: a second caller must not return before the first has made durable what it took over.
  const std::lock_guard lock(sync_mutex_);
  if (journal_) journal_->flush();
  if (durability_->covers_all_folders()) return commits_.wait_for({.elsewhere = true});
  auto folders = take_removed_from();
  while (!folders.empty()) {
    Changes changed;
    while (!folders.empty() && changed.folders.size() < kFoldersAtOnce)
      changed.folders.insert(nearest_existing(folders.extract(folders.begin()).value()));
    commits_.wait_for(changed);
  }
}

/// Removes `folder` and those above it as far as they are empty, and returns the one that stays. A writer that wants to
/// put a blob into such a folder at this moment finds it gone and makes it anew.
std::string FilesystemBlobStore::remove_empty_folders(std::string folder) {
  while (!folder.empty() && ::unlinkat(objects_.fd(), folder.c_str(), AT_REMOVEDIR) == 0) {
    objects_.forget(folder);
    folder = folder_of(folder);
  }
  return folder;
}

std::set<std::string> FilesystemBlobStore::take_removed_from() {
  const std::lock_guard lock(removed_mutex_);
  return std::exchange(removed_from_, {});
}

/// A folder that has been removed itself is durably so with the one above it.
std::shared_ptr<Directory> FilesystemBlobStore::nearest_existing(std::string folder) {
  for (;; folder = folder_of(folder))
    if (auto directory = objects_.find(folder)) return directory;
}

}  // namespace fermata::storage_filesystem
