#include "group_commit.hpp"

namespace fermata::storage_filesystem {

GroupCommit::GroupCommit(Durability& durability, Soundness& soundness)
    : rounds_(
          [&](const Changes& changes, unsigned) {
            soundness.require();
            durability.make_names_durable(changes);
          },
          soundness) {}

void GroupCommit::wait_for(Changes changes) {
  rounds_.wait_for([&](Changes& of_all) {
    of_all.folders.merge(changes.folders);
    of_all.elsewhere |= changes.elsewhere;
  });
}

}  // namespace fermata::storage_filesystem
