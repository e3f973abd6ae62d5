#include "group_commit.hpp"

namespace fermata::storage_filesystem {

void GroupCommit::wait_for(Changes changes) {
  auto following = std::make_shared<Round>();  // before anybody waits for this one
  std::unique_lock lock(mutex_);
  const auto round = next_;
  round->changes.folders.merge(changes.folders);
  round->changes.elsewhere |= changes.elsewhere;
  auto& woken = round->waiting++ == 0 ? round->turn : round->over;
  while (!round->done) {
    // Whoever comes while nobody leads does not wait until another one has woken up.
    if (!leading_ && next_ == round)
      lead(lock, std::move(following));
    else
      woken.wait(lock);
  }
  if (round->error) throw Error(round->error->code(), round->error->what());
}

/// Each of those who wait is woken once, and one of the next round first, so that the disk does not rest meanwhile.
void GroupCommit::lead(std::unique_lock<std::mutex>& lock, std::shared_ptr<Round> following) {
  const auto round = std::exchange(next_, std::move(following));
  if (broken_) {
    round->error = broken_;
  } else {
    leading_ = true;
    lock.unlock();
    const auto error = make_durable(round->changes);
    lock.lock();
    leading_ = false;
    round->error = error;
    if (error && error->code() == Code::io)
      broken_ = Error(Code::io, std::string("the store takes no more blobs since it met this error: ") + error->what() +
                                    "; check the file system, then restart Fermata");
  }
  round->done = true;
  const auto next = next_;
  lock.unlock();
  next->turn.notify_one();
  round->turn.notify_one();
  round->over.notify_all();
  lock.lock();
}

std::optional<Error> GroupCommit::make_durable(const Changes& changes) {
  try {
    durability_.make_names_durable(changes);
  } catch (const Error& error) {
    return error;
  } catch (const std::exception& error) {
    return Error(Code::internal, error.what());
  }
  return {};
}

}  // namespace fermata::storage_filesystem
