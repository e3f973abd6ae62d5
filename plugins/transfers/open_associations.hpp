#pragma once
#include <mutex>
#include <set>

#include "fermata/dimse_association.hpp"

namespace fermata::transfers {

/// The associations on which is being sent, so that they can be ended from another thread.
///
/// **Thread**: any. **Ownership**: borrows them, from `add` to `remove`.
class OpenAssociations {
 public:
  /// One that is added after `abort_all` is aborted at once.
  void add(DimseAssociation& association) {
    const std::lock_guard lock(mutex_);
    open_.insert(&association);
    if (aborted_) association.abort();
  }
  void remove(DimseAssociation& association) {
    const std::lock_guard lock(mutex_);
    open_.erase(&association);
  }
  void abort_all() {
    const std::lock_guard lock(mutex_);
    aborted_ = true;
    for (auto* association : open_) association->abort();
  }

 private:
  std::mutex mutex_;
  std::set<DimseAssociation*> open_;
  bool aborted_ = false;
};

}  // namespace fermata::transfers
