#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "fermata/archive.hpp"
#include "store/finishing_threads.hpp"
#include "store/store_result.hpp"

namespace fermata::dicomweb {

/// Stores the instances of one request, in the order of the request, and keeps what became of each.
///
/// While the last objects of a request wait for the disk, the next ones come in. **Thread**: one. **Ownership**:
/// borrows archive and threads; its end waits for what is on its way.
class StoreSession {
 public:
  StoreSession(Archive& archive, FinishingThreads& threads, std::string_view study_instance_uid,
               std::string_view peer_address);
  ~StoreSession();
  StoreSession(const StoreSession&) = delete;
  StoreSession& operator=(const StoreSession&) = delete;

  /// The result of the next instance: failed, until something else is known.
  StoreResult& add() { return results_.emplace_back(); }
  /// Nothing if the archive takes no objects; the result says so.
  std::unique_ptr<StoreOperation> begin(StoreResult& result, std::string_view transfer_syntax_uid);
  /// The object is complete. What becomes of it stands in `result` after `wait`.
  void finish(std::unique_ptr<StoreOperation> operation, StoreResult& result);

  /// All results, once nothing is on its way any more.
  const std::deque<StoreResult>& wait();

 private:
  void wait_until_fewer_than(std::size_t count);

  Archive& archive_;
  FinishingThreads& threads_;
  const std::string study_instance_uid_;
  const std::string peer_address_;
  std::deque<StoreResult> results_;  // grows without moving them

  std::mutex mutex_;
  std::condition_variable finished_;
  std::size_t pending_ = 0;
};

}  // namespace fermata::dicomweb
