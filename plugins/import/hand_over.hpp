#pragma once
#include <atomic>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>

#include "fermata/job_queue.hpp"
#include "fermata/journal.hpp"
#include "import_request.hpp"

namespace fermata::imports {

/// How far an import is that somebody else does.
struct JobNews {
  uint64_t job = 0;
  std::string state;  ///< as in the job queue; empty: the request was refused
  std::string message;
  uint64_t done = 0;
  uint64_t total = 0;
};

/// Takes imports from the verb `import` while the archive is being served: over a local socket, one connection for
/// each.
///
/// A request is a line of JSON, and so are the news that are sent back until the job has ended. Only the program's own
/// user and root are listened to: they could read the archive's files anyway.
/// **Thread**: of its own. **Ownership**: borrows the queue. **Errors** of `serve`: io.
class HandOverServer {
 public:
  /// Adds the job and returns its number. The request's errors become its answer.
  using Add = std::function<uint64_t(const ImportRequest&)>;

  HandOverServer(std::filesystem::path folder, JobQueue& queue, Add add, Journal journal);
  ~HandOverServer();
  HandOverServer(const HandOverServer&) = delete;
  HandOverServer& operator=(const HandOverServer&) = delete;

  void serve();
  void stop() noexcept;

 private:
  void listen();
  void answer(int connection);
  void follow(int connection, uint64_t job);

  const std::filesystem::path folder_;
  JobQueue& queue_;
  const Add add_;
  const Journal journal_;
  int listener_ = -1;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

/// Whether an archive is being served that would take imports over.
bool is_being_served(const std::filesystem::path& folder);

/// The verb's side: hands a request over to the archive that is being served, and tells how it goes until it has ended.
/// **Errors**: unavailable (nobody serves there, or it ended meanwhile), and those of the request.
JobNews hand_over(const std::filesystem::path& folder, const ImportRequest& request,
                  const std::function<void(const JobNews&)>& tell);

}  // namespace fermata::imports
