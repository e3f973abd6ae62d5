#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "fermata/blob_store.hpp"
#include "fermata/index.hpp"
#include "fermata/state_store.hpp"

namespace fermata::archive {

/// Makes removal safe against an end at any moment: what is to go is written down before the first of it goes.
///
/// An entry lists blobs with the instances they held. It is redone as often as needed: an instance leaves the index
/// only while its record still names that blob, so that one which came again since then stays.
/// **Thread**: any, except `redo`. **Errors**: those of the stores.
class DeletionJournal {
 public:
  struct Removal {
    std::string blob_key;
    std::string study;
    std::string sop_instance;
    /// The blob that takes its place, if one does. If there is none in the end, the replacement has failed, and the old
    /// blob stays unless the index names another.
    std::string replaced_by;
  };

  using Keep = std::function<void(const std::string& blob_key)>;

  DeletionJournal(BlobStore& blobs, Index& index, StateStore& state) : blobs_(blobs), index_(index), state_(state) {}

  /// Writes down what is going to be removed; durable when it returns. Returns the entry's id.
  std::string plan(std::span<const Removal> removals);
  /// The plan is given up.
  void cancel(const std::string& id);
  /// Removes the blobs, durably, and then the entry. The instances must have left the index durably.
  void finish(const std::string& id, std::span<const Removal> removals);
  /// As `finish`, for a blob that the index has replaced. Where it fails, the old blob stays until the next start.
  void finish_replacement(const std::string& id, const Removal& removal);
  /// To be called before a blob is removed that may have replaced another: after a replacement that could not be
  /// finished, it makes the plan to remove the old blob hold without the new one.
  void settle();
  /// A blob is about to be removed, or was going to be when the program stopped.
  bool plans(const std::string& blob_key) const;
  /// Completes every entry that a stop has interrupted, and returns the number of blobs in them. `keep` hears of blobs
  /// whose replacement has failed: it puts them into the index.
  uint64_t redo(const Keep& keep);

 private:
  void redo(const std::string& id, const std::vector<Removal>& removals, const Keep& keep);
  bool take_from_index(const Removal& removal);

  BlobStore& blobs_;
  Index& index_;
  StateStore& state_;
  std::atomic<uint64_t> counter_{0};
  std::mutex mutex_;
  std::vector<std::pair<std::string, Removal>> unsettled_;  ///< replacements whose old blob is still there
};

}  // namespace fermata::archive
