#include "group_commit.hpp"

namespace fermata::storage_filesystem {

void GroupCommit::wait_for(const Changes& changes) {
  std::unique_lock lock(mutex_);
  const auto round = next_;
  round->changes.folders.insert(changes.folders.begin(), changes.folders.end());
  round->changes.elsewhere |= changes.elsewhere;
  while (!round->done) {
    if (leading_)
      round_done_.wait(lock);
    else
      lead(lock);
  }
  if (round->error) throw Error(round->error->code(), round->error->what());
}

void GroupCommit::lead(std::unique_lock<std::mutex>& lock) {
  const auto round = std::exchange(next_, std::make_shared<Round>());
  if (broken_) {
    round->error = broken_;
    round->done = true;
    round_done_.notify_all();
    return;
  }
  leading_ = true;
  lock.unlock();
  std::optional<Error> error;
  try {
    durability_.make_names_durable(round->changes);
  } catch (const Error& e) {
    error = e;
  } catch (const std::exception& e) {
    error = Error(Code::internal, e.what());
  }
  lock.lock();
  leading_ = false;
  round->error = error;
  round->done = true;
  if (error && error->code() == Code::io)
    broken_ = Error(Code::io, std::string("the store takes no more blobs since it met this error: ") + error->what() +
                                  "; check the file system, then restart Fermata");
  round_done_.notify_all();
}

}  // namespace fermata::storage_filesystem
