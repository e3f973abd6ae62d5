#include "blob_removal.hpp"

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
  {
    std::vector<std::jthread> others;
    for (auto more = std::min(kAtOnce, keys.size() / kWorthAThread); more > 1; --more) others.emplace_back(work);
    work();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace fermata::archive
