#pragma once
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <thread>
#include <unordered_set>
#include <utility>
#include <vector>

#include "durability.hpp"
#include "journal_record.hpp"
#include "journal_segment.hpp"
#include "root_folder.hpp"
#include "shared_wait.hpp"

namespace fermata::storage_filesystem {

struct JournalSettings {
  uint64_t largest = 0;             ///< blobs up to this size are journaled; 0: none
  bool on_any_file_system = false;  ///< also where it is not known to be faster
  unsigned segments = 8;            ///< at most: the first is made at the opening, the others when they are needed
  unsigned lanes = 4;               ///< how many flushes are under way at a time
  uint64_t segment_bytes = uint64_t{4} << 20;
  std::chrono::milliseconds settle_after{5000};
};

/// Makes small blobs durable with one flush, which all share who wait for it; their files follow, in the background.
///
/// A record with the blob's bytes is flushed before the file gets its name. Once a segment is full, or has waited long
/// enough, everything on the file system is written to the disk, and the segment is used again. After a crash
/// `replay_journal` writes the files anew (docs/adr/0008-journal-for-small-blobs.md).
///
/// **Thread**: any; at most one for one key (`KeysInUse`). **Errors**: io; then see `Soundness`.
class BlobJournal {
  struct Segment;
  struct Nothing {};  // a flush covers whatever was written before
  using Rounds = SharedWait<Nothing>;

 public:
  /// While it lives, what its record says is still to be done to the files.
  class Entry {
   public:
    Entry(BlobJournal& journal, Segment& segment, uint64_t begin, uint64_t end)
        : journal_(&journal), segment_(&segment), begin_(begin), end_(end) {}
    Entry(Entry&& other) noexcept
        : journal_(std::exchange(other.journal_, nullptr)),
          segment_(other.segment_),
          begin_(other.begin_),
          end_(other.end_),
          place_(std::move(other.place_)) {}
    Entry& operator=(Entry&&) = delete;
    ~Entry() {
      if (journal_ != nullptr) journal_->end(*segment_);
    }

   private:
    friend class BlobJournal;
    BlobJournal* journal_;
    Segment* segment_;
    uint64_t begin_;  // of the record
    uint64_t end_;
    std::optional<Rounds::Place> place_;  // to wait for its flush
  };

  /// The journal in `root` must have been replayed, and be empty. **Errors**: no_space, io.
  BlobJournal(const RootFolder& root, const JournalSettings& settings, Durability& durability, Soundness& soundness);
  BlobJournal(const BlobJournal&) = delete;
  BlobJournal& operator=(const BlobJournal&) = delete;
  /// Settles everything, unless the store is unsound: then the records stay for the next opening.
  ~BlobJournal();

  bool takes(uint64_t length) const { return length <= settings_.largest; }
  /// Writes the record, and lets the kernel begin with it. Without a value if there is no room for it just now.
  std::optional<Entry> begin_blob(std::string_view key, std::span<const std::byte> content);
  /// When this returns, the record is durable; when it throws, there is none. Once for each; it takes no memory.
  void confirm(Entry& entry);
  /// To be called when a blob has been removed; durable after the next `flush`.
  void record_removal(std::string_view key);
  /// To be called where the blob of a record could not get its file or its name. Durable when it returns.
  void take_back(Entry entry, std::string_view key);
  /// Returns when no record is about this key. Nearly always at once.
  void let_go_of(std::string_view key);
  void flush();
  /// Returns when the files of all records so far are durable, and these records are gone.
  void settle();

 private:
  struct Segment {
    explicit Segment(JournalSegment opened) : file(std::move(opened)) {}
    JournalSegment file;
    uint64_t fill = 0;
    uint64_t first = 0;    // the sequence of its first record; 0: it is empty
    uint64_t end = 0;      // of what is written
    uint64_t sealed = 0;   // up to where a flush has begun
    uint64_t flushed = 0;  // and ended
    unsigned pending = 0;
    std::chrono::steady_clock::time_point begun;
    std::unordered_set<std::size_t> keys;  // hashes
  };
  struct Written {
    Segment* segment;
    uint64_t fill;
    uint64_t end;
  };

  bool holds(std::string_view key) const;
  void doubt(const std::exception& error) noexcept;
  std::optional<Entry> append(JournalRecord record);
  Segment* segment_with_room(uint64_t bytes);
  void begin(Segment& segment);
  void end(Segment& segment);
  bool is_flushed(const Entry& entry) const;
  bool is_alone(const Entry& entry) const;
  void flush_written(unsigned lane);
  JournalSegment open_segment(std::size_t number) const;
  bool wants_segment() const;
  void make_segment(std::unique_lock<std::mutex>& lock);
  void run();
  void take_filled(bool all);
  bool settle_taken(std::unique_lock<std::mutex>& lock);
  void settle(const std::vector<Segment*>& filled, Rounds::Place place);
  uint64_t oldest() const;

  const RootFolder& root_;
  const JournalSettings settings_;
  Durability& durability_;
  Soundness& soundness_;
  const FileDescriptor objects_;
  const FileDescriptor folder_;
  const Error unnamed_;                        // for an error that there is no memory to tell of
  std::vector<std::vector<Written>> written_;  // of the lanes, with room for all segments
  Rounds rounds_;

  mutable std::mutex mutex_;
  std::condition_variable work_;     // for the thread: something is to be settled
  std::condition_variable idle_;     // a segment's last entry has ended
  std::condition_variable settled_;  // segments are free again
  std::list<Segment> segments_;
  std::size_t most_segments_;
  Segment* current_ = nullptr;
  std::vector<Segment*> filled_;   // in the order of their records; with room for all, as is the next
  std::vector<Segment*> taken_;    // by the thread, to settle them
  std::vector<std::byte> record_;  // that is being written
  uint64_t sequence_ = 0;
  bool wanted_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace fermata::storage_filesystem
