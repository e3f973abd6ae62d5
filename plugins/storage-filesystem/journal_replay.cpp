#include "journal_replay.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/blob_key.hpp"
#include "journal_record.hpp"
#include "journal_segment.hpp"
#include "system_error.hpp"

namespace fermata::storage_filesystem {
namespace {

constexpr const char* kTemporary = "replayed";

struct Found {
  JournalSegment file;
  std::vector<std::byte> bytes;
  std::vector<JournalRecord> records;
};

/// Those with records, in the order of these.
std::vector<Found> find_segments(const RootFolder& root) {
  std::vector<Found> found;
  const auto journal = root.journal();
  for (const auto& entry : std::filesystem::directory_iterator(root.path() + "/journal")) {
    if (!entry.is_regular_file()) continue;
    Found segment{JournalSegment(journal, entry.path().filename(), entry.path()), {}, {}};
    segment.bytes = segment.file.read();
    segment.records = read_records(segment.bytes);
    if (!segment.records.empty()) found.push_back(std::move(segment));
  }
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.records.front().sequence < b.records.front().sequence; });
  return found;
}

class Replay {
 public:
  Replay(const RootFolder& root, DirectoryTree& objects)
      : objects_(objects), incoming_(root.incoming()), temporary_(root.path() + "/incoming/" + kTemporary) {}

  void blob(const std::string& key, std::span<const std::byte> content) {
    const auto [path, last] = folder_and_name(key);
    const auto folder = objects_.make(path);
    const std::string name(last);
    write(content);
    ::unlinkat(folder->fd.get(), name.c_str(), AT_REMOVEDIR);  // an empty folder whose removal was not written yet
    if (::renameat(incoming_.get(), kTemporary, folder->fd.get(), name.c_str()) == 0) return;
    if (errno == EISDIR || errno == ENOTEMPTY || errno == EEXIST)
      throw Error(Code::conflict, "the journal has a blob under the key " + key + ", but there is a folder at " +
                                      objects_.path() + "/" + key + ": move that folder to another place, then start " +
                                      "Fermata again");
    throw system_error(errno, "move " + temporary_ + " to " + objects_.path() + "/" + key);
  }

  void removal(const std::string& key) {
    if (::unlinkat(objects_.fd(), key.c_str(), 0) != 0 && errno != ENOENT && errno != ENOTDIR && errno != EISDIR)
      throw system_error(errno, "remove " + objects_.path() + "/" + key);
    for (auto folder = folder_and_name(key).first; !folder.empty(); folder = folder_and_name(folder).first)
      if (::unlinkat(objects_.fd(), std::string(folder).c_str(), AT_REMOVEDIR) != 0) break;
  }

 private:
  void write(std::span<const std::byte> content) {
    const FileDescriptor file(::openat(incoming_.get(), kTemporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640));
    if (!file) throw system_error(errno, "make " + temporary_);
    write_all(file, content, temporary_);
  }

  DirectoryTree& objects_;
  const FileDescriptor incoming_;
  const std::string temporary_;
};

/// What was recorded last of each key.
std::map<std::string, JournalRecord> last_records(const std::vector<Found>& segments) {
  std::map<std::string, JournalRecord> last;
  for (const auto& segment : segments)
    for (const auto& record : segment.records)
      if (is_blob_key(record.key)) last.insert_or_assign(std::string(record.key), record);
  return last;
}

}  // namespace

std::size_t replay_journal(const RootFolder& root, DirectoryTree& objects, Durability& durability) {
  if (!root.has_journal()) return 0;
  const auto everything = root.objects();  // opened before anything is written: it is told of errors from here on
  auto segments = find_segments(root);
  const auto records = last_records(segments);
  Replay replay(root, objects);
  std::size_t blobs = 0;
  for (const auto& [key, record] : records)  // first, lest a removed blob is in the way of a folder
    if (record.kind == JournalRecord::Kind::removal) replay.removal(key);
  for (const auto& [key, record] : records) {
    if (record.kind != JournalRecord::Kind::blob) continue;
    replay.blob(key, record.content);
    ++blobs;
  }
  if (!segments.empty()) durability.make_everything_durable(everything);
  for (auto& segment : segments) segment.file.make_empty(durability);
  return blobs;
}

}  // namespace fermata::storage_filesystem
