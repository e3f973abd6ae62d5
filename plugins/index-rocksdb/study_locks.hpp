#pragma once
#include <array>
#include <functional>
#include <semaphore>
#include <string_view>

namespace fermata::index_rocksdb {

/// One writer per study, with a fixed number of locks: two studies rarely share one.
///
/// **Thread**: any; a lock may be released by another thread than took it.
class StudyLocks {
 public:
  class Hold {
   public:
    Hold(StudyLocks& locks, std::string_view study)
        : stripe_(locks.stripes_[std::hash<std::string_view>{}(study) % locks.stripes_.size()].semaphore) {
      stripe_.acquire();
    }
    ~Hold() { stripe_.release(); }
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;

   private:
    std::binary_semaphore& stripe_;
  };

 private:
  struct Stripe {
    std::binary_semaphore semaphore{1};
  };
  std::array<Stripe, 256> stripes_;
};

}  // namespace fermata::index_rocksdb
