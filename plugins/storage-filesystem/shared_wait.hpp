#pragma once
#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "fermata/error.hpp"
#include "soundness.hpp"

namespace fermata::storage_filesystem {

/// Lets threads that wait for the disk at the same time share one wait.
///
/// One leads a round: it makes durable what it and the others have brought. Whoever comes while a round is under way
/// may be too late for it and belongs to the next, which is led by the first who comes or wakes up when it is over.
/// With several lanes, as many rounds are under way at once; whether what one is told counts for another is for
/// `perform` to say, which may have to decide that at one moment together with what it keeps.
///
/// **Thread**: any. **Errors**: what the round's leader met, to everyone in that round; one of input and output is a
/// doubt for `Soundness`. Being out of space is not of that kind; the next round may succeed.
template <class Work>
class SharedWait {
  struct Round;

 public:
  /// What it takes to wait: whoever has one can wait without memory.
  class Place {
    friend class SharedWait;
    std::shared_ptr<Round> following = std::make_shared<Round>();  // of the round that it may lead
  };
  /// Called with the number of the round's lane, which no other round has meanwhile.
  using Perform = std::function<void(Work&, unsigned lane)>;

  SharedWait(Perform perform, Soundness& soundness, unsigned lanes = 1)
      : perform_(std::move(perform)), soundness_(soundness) {
    while (lanes > 0) free_lanes_.push_back(--lanes);
  }

  /// `add` puts the caller's part into the round's work.
  template <class Add>
  void wait_for(Add&& add) {
    wait_for(std::forward<Add>(add), Place());  // made before anybody waits for this one
  }
  template <class Add>
  void wait_for(Add&& add, Place place) {
    std::unique_lock lock(mutex_);
    const auto round = next_;
    add(round->work);
    auto& woken = round->waiting++ == 0 ? round->turn : round->over;
    while (!round->done) {
      // Whoever comes while a lane is free does not wait until another one has woken up.
      if (!free_lanes_.empty() && next_ == round) {
        lead(lock, std::move(place.following));
        continue;
      }
      woken.wait(lock);
    }
    if (round->error) std::rethrow_exception(round->error);
  }

 private:
  struct Round {
    Work work;
    unsigned waiting = 0;
    bool done = false;
    std::exception_ptr error;
    std::condition_variable turn;  ///< of the first who waits: to lead, unless somebody came who did
    std::condition_variable over;  ///< of the others
  };

  /// Each of those who wait is woken once, and one of the next round first, so that the disk does not rest meanwhile.
  void lead(std::unique_lock<std::mutex>& lock, std::shared_ptr<Round> following) {
    const auto round = std::exchange(next_, std::move(following));
    const unsigned lane = free_lanes_.back();
    free_lanes_.pop_back();
    lock.unlock();
    const auto error = perform(round->work, lane);
    lock.lock();
    free_lanes_.push_back(lane);
    round->error = error;
    round->done = true;
    const auto next = next_;
    lock.unlock();
    next->turn.notify_one();
    round->turn.notify_one();
    round->over.notify_all();
    lock.lock();
  }

  std::exception_ptr perform(Work& work, unsigned lane) {
    try {
      perform_(work, lane);
    } catch (const Error& error) {
      soundness_.doubt(error);  // before the lane is free
      return std::current_exception();
    } catch (...) {
      return std::current_exception();
    }
    return {};
  }

  const Perform perform_;
  Soundness& soundness_;
  std::mutex mutex_;
  std::vector<unsigned> free_lanes_;
  std::shared_ptr<Round> next_ = std::make_shared<Round>();
};

}  // namespace fermata::storage_filesystem
