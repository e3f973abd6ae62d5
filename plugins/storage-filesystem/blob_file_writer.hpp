#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "blob_journal.hpp"
#include "directory_tree.hpp"
#include "durability.hpp"
#include "fermata/blob_store.hpp"
#include "free_space.hpp"
#include "group_commit.hpp"
#include "keys_in_use.hpp"

namespace fermata::storage_filesystem {

/// What the writers of one store share.
struct WritingParts {
  DirectoryTree& objects;
  Durability& durability;
  GroupCommit& commits;
  const Soundness& soundness;
  FreeSpace& space;
  KeysInUse& keys;
  BlobJournal* journal;  // null: there is none
  FileDescriptor incoming;
  std::string incoming_path;
  std::atomic<uint64_t> last_number{0};
};

/// Writes one blob into `incoming` and, when it is complete and on the disk, moves it to its key. A small one need only
/// be in the journal for that.
///
/// Holds at most kBuffer bytes in memory; what has not more is written at the commit. **Thread**, **Errors**: as
/// `BlobWriter`.
class BlobFileWriter final : public BlobWriter {
 public:
  BlobFileWriter(WritingParts& parts, std::string key);
  BlobFileWriter(const BlobFileWriter&) = delete;
  BlobFileWriter& operator=(const BlobFileWriter&) = delete;
  ~BlobFileWriter() override;

  void append(std::span<const std::byte> data) override;
  void commit() override;

  static constexpr std::size_t kBuffer = std::size_t{64} << 10;

 private:
  void claim(uint64_t bytes);
  bool commit_by_journal();
  template <class Step>
  void or_take_back(BlobJournal::Entry& entry, Step&& step);
  void commit_by_itself();
  void require_new_key(const Directory& directory) const;
  void make_file();
  void write(std::span<const std::byte> data);
  void start_write_back();
  std::string_view folder() const;
  std::string name() const;
  std::shared_ptr<Directory> move_to_key();
  bool rename_into(const Directory& directory, const std::string& name);

  WritingParts& parts_;
  const std::string key_;
  const std::string temporary_;
  FileDescriptor file_;
  bool in_incoming_ = false;
  std::vector<std::byte> buffer_;
  uint64_t claimed_ = 0;  // of free space, for what the file system does not count yet
  uint64_t written_ = 0;
  uint64_t written_back_ = 0;  // up to where the kernel has been told to start
};

}  // namespace fermata::storage_filesystem
