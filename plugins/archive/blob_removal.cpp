#include "blob_removal.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "stored_object.hpp"

namespace fermata::archive {
namespace {

constexpr std::size_t kAtOnce = 8;
constexpr std::size_t kWorthAThread = 8;  // blobs
constexpr int kNiceness = 10;

/// On Linux the niceness is the calling thread's own. It cannot go back, hence only for threads that end afterwards.
void leave_processors_to_others() { ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNiceness); }

}  // namespace

void remove_blobs(BlobStore& blobs, std::span<const std::string> keys) {
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::mutex mutex;
  const auto work = [&] {
    try {
      for (std::size_t i = 0; (i = next++) < keys.size();) remove_if_there(blobs, keys[i]);
    } catch (...) {
      next = keys.size();
      const std::lock_guard lock(mutex);
      failure = std::current_exception();
    }
  };
  const auto nice_work = [&] {
    leave_processors_to_others();
    work();
  };
  {
    std::vector<std::jthread> threads;
    for (auto more = std::min(kAtOnce, keys.size() / kWorthAThread); more > 0; --more) threads.emplace_back(nice_work);
    if (threads.empty()) work();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace fermata::archive
