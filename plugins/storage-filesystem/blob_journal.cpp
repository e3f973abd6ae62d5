#include "blob_journal.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <new>
#include <random>
#include <string>

#include "system_error.hpp"

namespace fermata::storage_filesystem {
namespace {

constexpr std::chrono::milliseconds kUntilThereIsMemory{100};

/// One that no filling before it has had, in this run or an earlier one.
uint64_t new_fill() {
  std::random_device random;
  return (uint64_t{random()} << 32) | random();
}

JournalRecord removal_of(std::string_view key) {
  JournalRecord record;
  record.kind = JournalRecord::Kind::removal;
  record.key = key;
  return record;
}

bool has_segment(const FileDescriptor& folder, std::size_t number) {
  return ::faccessat(folder.get(), std::to_string(number).c_str(), F_OK, 0) == 0;
}

std::size_t hash_of(std::string_view key) { return std::hash<std::string_view>()(key); }

}  // namespace

BlobJournal::BlobJournal(const RootFolder& root, const JournalSettings& settings, Durability& durability,
                         Soundness& soundness)
    : root_(root),
      settings_(settings),
      durability_(durability),
      soundness_(soundness),
      objects_(root.objects()),
      folder_(root.make_journal()),
      unnamed_(Code::io, "an error of the journal of blobs, for whose name there was no memory"),
      written_(settings.lanes),
      rounds_([this](Nothing&, unsigned lane) { flush_written(lane); }, soundness, settings.lanes),
      most_segments_(settings.segments) {
  do segments_.emplace_back(open_segment(segments_.size()));
  while (segments_.size() < most_segments_ && has_segment(folder_, segments_.size()));
  const auto most = std::max(most_segments_, segments_.size());
  for (auto& written : written_) written.reserve(most);
  filled_.reserve(most);
  taken_.reserve(most);
  root_.write_marker(RootFolder::Layout::journaled);
  thread_ = std::thread([this] { run(); });
}

BlobJournal::~BlobJournal() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  thread_.join();
  try {
    if (!soundness_.fault() && oldest() == UINT64_MAX) root_.write_marker(RootFolder::Layout::plain);
  } catch (const std::exception&) {  // then the next opening does that
  }
}

std::optional<BlobJournal::Entry> BlobJournal::begin_blob(std::string_view key, std::span<const std::byte> content) {
  JournalRecord record;
  record.kind = JournalRecord::Kind::blob;
  record.key = key;
  record.content = content;
  Rounds::Place place;  // before there is a record: its flush may fail by the disk alone, which voids the record
  auto entry = append(record);
  if (entry) entry->place_ = std::move(place);
  // Records of several threads share blocks and flushes: then each would be written more often for that.
  if (entry && is_alone(*entry)) entry->segment_->file.begin_to_write(entry->begin_, entry->end_);
  return entry;
}

void BlobJournal::confirm(Entry& entry) {
  try {
    rounds_.wait_for([](Nothing&) {}, std::move(*entry.place_));
  } catch (...) {
    // Somebody else's flush may have been in time for it: then the record stays, and so must the blob.
    if (!is_flushed(entry)) throw;
  }
}

/// Settling takes neither room nor memory.
void BlobJournal::record_removal(std::string_view key) {
  if (!holds(key)) return;
  try {
    if (append(removal_of(key))) return;
  } catch (const std::bad_alloc&) {
  }
  settle();
}

void BlobJournal::take_back(Entry entry, std::string_view key) {
  try {
    if (append(removal_of(key))) return flush();
  } catch (const std::bad_alloc&) {
  }
  { const Entry ended(std::move(entry)); }  // it would hold up settling
  settle();
}

void BlobJournal::let_go_of(std::string_view key) {
  if (holds(key)) settle();
}

bool BlobJournal::holds(std::string_view key) const {
  const std::lock_guard lock(mutex_);
  const auto hash = hash_of(key);
  return std::any_of(segments_.begin(), segments_.end(), [&](const auto& s) { return s.keys.contains(hash); });
}

void BlobJournal::flush() {
  rounds_.wait_for([](Nothing&) {});
}

void BlobJournal::settle() {
  std::unique_lock lock(mutex_);
  const auto last = sequence_;
  wanted_ = true;
  work_.notify_all();
  settled_.wait(lock, [&] { return oldest() > last || soundness_.fault(); });
  soundness_.require();
}

/// Where something was done to the disk, and failed. It is an error of input and output even if the disk was full.
void BlobJournal::doubt(const std::exception& error) noexcept {
  try {
    soundness_.doubt(Error(Code::io, error.what()));
  } catch (const std::bad_alloc&) {
    soundness_.doubt(unnamed_);
  }
}

/// Once anything is written, it takes no memory any more.
std::optional<BlobJournal::Entry> BlobJournal::append(JournalRecord record) {
  const std::lock_guard lock(mutex_);
  Segment* const segment = segment_with_room(size_of(record));
  if (segment == nullptr) return {};
  if (segment->first == 0) begin(*segment);
  record.fill = segment->fill;
  record.sequence = sequence_ + 1;
  record_.clear();
  write_record(record, record_);
  segment->keys.insert(hash_of(record.key));
  const auto offset = segment->end > segment->sealed ? segment->end : in_blocks(segment->end);
  try {
    segment->file.write(offset, record_);
  } catch (const std::exception& error) {
    segment->file.forget(offset, offset + record_.size());
    doubt(error);
    throw Error(Code::io, error.what());
  }
  segment->end = offset + record_.size();
  ++sequence_;
  if (segment->first == 0) {
    segment->first = sequence_;
    if (wants_segment()) work_.notify_all();
  }
  ++segment->pending;
  return Entry(*this, *segment, offset, segment->end);
}

BlobJournal::Segment* BlobJournal::segment_with_room(uint64_t bytes) {
  if (soundness_.fault() || in_blocks(bytes) > settings_.segment_bytes) return nullptr;
  if (current_ != nullptr && in_blocks(current_->end) + in_blocks(bytes) <= settings_.segment_bytes) return current_;
  if (current_ != nullptr) {
    filled_.push_back(std::exchange(current_, nullptr));
    work_.notify_all();
  }
  const auto free = std::find_if(segments_.begin(), segments_.end(), [](const auto& s) { return s.first == 0; });
  if (free != segments_.end()) current_ = &*free;
  return current_;
}

void BlobJournal::begin(Segment& segment) {
  segment.fill = new_fill();
  segment.end = segment.sealed = segment.flushed = 0;
  segment.begun = std::chrono::steady_clock::now();
}

void BlobJournal::end(Segment& segment) {
  const std::lock_guard lock(mutex_);
  if (--segment.pending == 0) idle_.notify_all();
}

bool BlobJournal::is_flushed(const Entry& entry) const {
  const std::lock_guard lock(mutex_);
  return entry.segment_->flushed >= entry.end_;
}

bool BlobJournal::is_alone(const Entry& entry) const {
  const std::lock_guard lock(mutex_);
  return entry.segment_->pending == 1;
}

/// Records become durable in their order, also when several lanes flush: a flush covers all that was written before it.
void BlobJournal::flush_written(unsigned lane) {
  auto& all = written_.at(lane);
  all.clear();
  {
    const std::lock_guard lock(mutex_);
    for (auto& segment : segments_) {
      if (segment.flushed == segment.end) continue;
      segment.sealed = segment.end;
      all.push_back({&segment, segment.fill, segment.end});
    }
  }
  try {
    for (const auto& written : all) written.segment->file.flush(durability_, lane);
  } catch (const std::exception& error) {
    doubt(error);
  }
  const std::lock_guard lock(mutex_);
  const auto fault = soundness_.fault();
  for (const auto& [segment, fill, end] : all) {
    if (segment->fill != fill) continue;  // another lane was faster, and it has been settled
    // Nobody will be told that these blobs are kept: they must not turn up later as if they had been.
    if (fault)
      segment->file.forget(segment->flushed, segment->end);
    else
      segment->flushed = std::max(segment->flushed, end);
  }
  if (fault) throw *fault;
}

JournalSegment BlobJournal::open_segment(std::size_t number) const {
  const auto name = std::to_string(number);
  JournalSegment segment(folder_, name, root_.path() + "/journal/" + name, settings_.segment_bytes, settings_.lanes);
  if (::fsync(folder_.get()) != 0) throw system_error(errno, "write the folder " + root_.path() + "/journal to disk");
  return segment;
}

/// One that is free is to be there when the current one is full.
bool BlobJournal::wants_segment() const {
  return segments_.size() < most_segments_ && current_ != nullptr && current_->first != 0 &&
         std::none_of(segments_.begin(), segments_.end(), [](const auto& s) { return s.first == 0; });
}

void BlobJournal::make_segment(std::unique_lock<std::mutex>& lock) {
  const auto number = segments_.size();
  lock.unlock();
  std::list<Segment> made;
  try {
    made.emplace_back(open_segment(number));
  } catch (const std::exception&) {  // the disk is full, say: then those that are there have to do
  }
  lock.lock();
  if (made.empty()) most_segments_ = number;
  segments_.splice(segments_.end(), made);
}

void BlobJournal::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    const bool again = !taken_.empty();
    work_.wait_for(lock, again ? kUntilThereIsMemory : settings_.settle_after,
                   [&] { return !again && (stopping_ || wanted_ || !filled_.empty() || wants_segment()); });
    if (!stopping_ && wants_segment()) make_segment(lock);
    const bool old =
        current_ != nullptr && std::chrono::steady_clock::now() - current_->begun >= settings_.settle_after;
    take_filled(stopping_ || std::exchange(wanted_, false) || old);
    const bool nothing = taken_.empty();
    if (!nothing && !soundness_.fault() && !settle_taken(lock)) continue;
    taken_.clear();
    settled_.notify_all();
    if (stopping_ && (nothing || soundness_.fault())) return;
  }
}

/// False if there is no memory for it just now. Later there is no such excuse: that would be an error of the disk for
/// whose name there is none.
bool BlobJournal::settle_taken(std::unique_lock<std::mutex>& lock) {
  std::optional<Rounds::Place> place;
  try {
    place.emplace();
  } catch (const std::bad_alloc&) {
    return false;
  }
  lock.unlock();
  try {
    settle(taken_, std::move(*place));
  } catch (const std::exception& error) {
    doubt(error);
  }
  lock.lock();
  return true;
}

void BlobJournal::take_filled(bool all) {
  if (all && current_ != nullptr) filled_.push_back(std::exchange(current_, nullptr));
  taken_.insert(taken_.end(), filled_.begin(), filled_.end());
  filled_.clear();
}

/// The segments become free in the order of their records: a removal must outlive the blob that it is about.
void BlobJournal::settle(const std::vector<Segment*>& filled, Rounds::Place place) {
  {
    std::unique_lock lock(mutex_);
    for (Segment* segment : filled) idle_.wait(lock, [&] { return segment->pending == 0; });
  }
  // Of removals that nobody has waited for: they must not be written into a segment that is in use again.
  rounds_.wait_for([](Nothing&) {}, std::move(place));
  durability_.make_everything_durable(objects_);
  for (Segment* segment : filled) {
    segment->file.make_empty(durability_);
    const std::lock_guard lock(mutex_);
    segment->keys.clear();
    segment->first = 0;
    settled_.notify_all();
  }
}

uint64_t BlobJournal::oldest() const {
  uint64_t oldest = UINT64_MAX;
  for (const auto& segment : segments_)
    if (segment.first != 0) oldest = std::min(oldest, segment.first);
  return oldest;
}

}  // namespace fermata::storage_filesystem
