#pragma once
#include "durability.hpp"
#include "shared_wait.hpp"

namespace fermata::storage_filesystem {

/// Makes names durable, for all threads that wait at the same time in one round.
///
/// **Thread**, **Errors**: as `SharedWait`. After an io error every later call fails, too.
class GroupCommit {
 public:
  GroupCommit(Durability& durability, Soundness& soundness);

  void wait_for(Changes changes);

 private:
  SharedWait<Changes> rounds_;
};

}  // namespace fermata::storage_filesystem
