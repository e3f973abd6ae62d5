#pragma once
#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string_view>
#include <utility>

#include "entity.hpp"

namespace fermata::index_rocksdb {

/// One writer per study, with a fixed number of locks: two studies rarely share one. Each lock keeps the study that was
/// written last under it.
///
/// **Thread**: any; a lock may be released by another thread than took it.
class StudyLocks {
  struct Stripe {
    /// A semaphore of the standard library asks the kernel to wake others whether or not there are any.
    void acquire() {
      std::unique_lock lock(mutex);
      ++waiting;
      freed.wait(lock, [this] { return !held; });
      --waiting;
      held = true;
    }
    void release() {
      std::unique_lock lock(mutex);
      held = false;
      const bool wanted = waiting > 0;
      lock.unlock();
      if (wanted) freed.notify_one();
    }

    std::mutex mutex;
    std::condition_variable freed;
    bool held = false;
    unsigned waiting = 0;
    RecentStudy recent;
    uint64_t age = 0;
  };

 public:
  class Hold {
   public:
    Hold(StudyLocks& locks, std::string_view study)
        : stripe_(locks.stripes_[std::hash<std::string_view>{}(study) % locks.stripes_.size()]) {
      stripe_.acquire();
      age_ = locks.age_.load();
    }
    ~Hold() { stripe_.release(); }
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;

    /// The study, if it is the one that was written last. Whoever takes it gives it back once it is written; if that
    /// fails, nobody knows what is there, and it is read again.
    RecentStudy take(std::string_view study) {
      auto recent = std::exchange(stripe_.recent, {});
      return recent.study == study && stripe_.age == age_ ? std::move(recent) : RecentStudy{};
    }
    void give_back(RecentStudy recent) {
      stripe_.recent = std::move(recent);
      stripe_.age = age_;
    }

   private:
    Stripe& stripe_;
    uint64_t age_ = 0;
  };

  /// Everything was cleared: what was known before is not so any more.
  void forget() { ++age_; }

 private:
  std::array<Stripe, 256> stripes_;
  std::atomic<uint64_t> age_{0};
};

}  // namespace fermata::index_rocksdb
