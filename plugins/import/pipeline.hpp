#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "file_result.hpp"

namespace fermata::imports {

/// Does several things at once and gives the results in the order in which they were added, so that the waits for the
/// disk are shared, and a report has an order.
///
/// **Thread**: `add` and `take` from one. **Errors**: `take` throws what the task has thrown. Its destructor waits for
/// what has begun, and drops the rest.
class Pipeline {
 public:
  using Task = std::function<FileResult()>;

  explicit Pipeline(std::size_t threads);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  void add(Task task);
  /// Something that is known already.
  void add(FileResult result);
  bool empty() const { return results_.empty(); }
  /// So many wait that some should be taken first.
  bool full() const { return results_.size() >= most_; }
  FileResult take();

 private:
  void work();

  const std::size_t most_;
  std::deque<std::future<FileResult>> results_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::packaged_task<FileResult()>> waiting_;
  bool ended_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace fermata::imports
