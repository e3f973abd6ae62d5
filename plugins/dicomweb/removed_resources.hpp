#pragma once
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <unordered_set>

#include "fermata/archive.hpp"
#include "resource.hpp"

namespace fermata::dicomweb {

/// What was in the archive once and has been removed, whoever removed it: 410 says more than 404 (RFC 9110 15.5.11).
///
/// It follows the archive's list of changes, a part at each question, so that no question waits for a long list; until
/// it has caught up, and beyond some hundred thousand resources, it knows of fewer. Used by Routes.
/// **Thread**: any. **Ownership**: the archive outlives it. **Errors**: none; an archive without that list has removed
/// nothing.
class RemovedResources {
 public:
  explicit RemovedResources(Archive& archive) : archive_(archive) {}
  /// Ask for what is not there: of what has come again in part, a part may be in it.
  bool contains(const Resource& resource);

 private:
  void catch_up();
  void take_note_of(const Change& change);

  Archive& archive_;
  std::mutex mutex_;
  uint64_t seen_ = 0;
  std::unordered_set<std::size_t> removed_;  ///< hashes of paths
};

}  // namespace fermata::dicomweb
