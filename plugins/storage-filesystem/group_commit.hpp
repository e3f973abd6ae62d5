#pragma once
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>

#include "durability.hpp"
#include "fermata/error.hpp"

namespace fermata::storage_filesystem {

/// Lets threads that wait for the disk at the same time share one wait.
///
/// One leads a round: it makes durable what it and the others have brought. Whoever comes while a round is under way
/// may be too late for it and belongs to the next, which is led by the first who comes or wakes up when it is over.
///
/// **Thread**: any. **Errors**: what the round's leader met, to everyone in that round. After an io error every later
/// call fails too, until the store is opened again: what the kernel failed to write once it may report as written the
/// next time, so that nothing it says about these folders can be believed before they have been read back from the
/// disk. Being out of space is not of that kind; the next round may succeed.
class GroupCommit {
 public:
  explicit GroupCommit(Durability& durability) : durability_(durability) {}

  void wait_for(Changes changes);

 private:
  struct Round {
    Changes changes;
    unsigned waiting = 0;
    bool done = false;
    std::optional<Error> error;
    std::condition_variable turn;  ///< of the first who waits: to lead, unless somebody came who did
    std::condition_variable over;  ///< of the others
  };

  void lead(std::unique_lock<std::mutex>& lock, std::shared_ptr<Round> following);
  std::optional<Error> make_durable(const Changes& changes);

  Durability& durability_;
  std::mutex mutex_;
  bool leading_ = false;
  std::shared_ptr<Round> next_ = std::make_shared<Round>();
  std::optional<Error> broken_;
};

}  // namespace fermata::storage_filesystem
