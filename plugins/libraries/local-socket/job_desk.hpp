#pragma once
#include <boost/json.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "fermata/job_queue.hpp"
#include "job_problems.hpp"
#include "server.hpp"

namespace fermata::local_socket {

/// How far a job is that the running program does.
struct JobNews {
  uint64_t job = 0;
  Job::State state = Job::State::waiting;
  std::string message;
  uint64_t done = 0;
  uint64_t total = 0;
  uint64_t problems = 0;  ///< that it has found, once it has ended

  bool has_ended() const { return state != Job::State::waiting && state != Job::State::running; }
};

/// The running program's side: a verb's request becomes a job, and the verb is told how it goes until it has ended.
/// **Thread**: as Server. **Ownership**: borrows the queue. **Errors** of `start`: as Server.
class JobDesk {
 public:
  /// Adds the job and returns its number. What it throws is the verb's error.
  using Add = std::function<uint64_t(const boost::json::value& request)>;

  /// `problems`: borrowed; null: these jobs find none.
  JobDesk(std::filesystem::path path, JobQueue& queue, Add add, Journal journal, const JobProblems* problems = nullptr);
  void start() { server_.start(); }
  void stop() noexcept { server_.stop(); }

 private:
  void serve(Connection& client, const std::function<bool()>& stopping);
  void follow(Connection& client, uint64_t number, const std::function<bool()>& stopping);

  JobQueue& queue_;
  const Add add_;
  const JobProblems* const problems_;
  Server server_;
};

/// The verb's side: has the running program do it, and tells how it goes until it has ended.
/// **Errors**: what `Add` has thrown; unavailable (the program has ended), unsupported (it is of another version).
JobNews have_done(Connection& connection, const boost::json::value& request,
                  const std::function<void(const JobNews&)>& tell);

}  // namespace fermata::local_socket
