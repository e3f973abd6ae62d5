#include "recovery/reindex.hpp"

#include <chrono>
#include <iostream>

#include "local-socket/job_desk.hpp"

namespace fermata::archive {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kShowInterval = std::chrono::seconds(2);

}  // namespace

bool ReindexCommand::needs_plugins(std::span<const std::string_view>) {
  return socket_.empty() || local_socket::Connection::to(socket_) == nullptr;
}

int32_t ReindexCommand::run(std::span<const std::string_view> arguments) {
  if (!arguments.empty()) throw Error(Code::invalid, "it takes no arguments; usage:\n" + std::string(usage()));
  return recovery_ ? make_here() : have_it_made();
}

int32_t ReindexCommand::have_it_made() {
  const auto running = local_socket::Connection::to(socket_);
  if (!running) throw Error(Code::unavailable, "the archive has just been stopped: try again");
  bool told = false;
  auto shown = Clock::now();
  const auto news = local_socket::have_done(
      *running, boost::json::object{{"reindex", true}}, [&](const local_socket::JobNews& so_far) {
        if (!std::exchange(told, true))
          std::cerr << "The archive is running and makes its index anew as job " << so_far.job
                    << ", also when this program ends.\n";
        if (so_far.has_ended() || so_far.message.empty() || Clock::now() - shown < kShowInterval) return;
        shown = Clock::now();
        std::cerr << so_far.done << " of " << so_far.total << " objects, " << so_far.message << '\n';
      });
  if (news.state != Job::State::done)
    throw Error(Code::unavailable, news.message.empty() ? "the job was cancelled" : news.message);
  std::cout << news.message << '\n';
  return news.problems == 0 ? 0 : 1;
}

int32_t ReindexCommand::make_here() {
  const auto start = Clock::now();
  auto shown = start;
  const auto report = recovery_->rebuild([&](const RecoveryReport& so_far) {
    if (Clock::now() - shown < kShowInterval) return;
    shown = Clock::now();
    std::cerr << so_far.indexed << " objects, " << (so_far.bytes >> 20) << " MiB, at " << so_far.last_key << '\n';
  });
  const auto statistics = index_->statistics();
  const std::chrono::duration<double> seconds = Clock::now() - start;
  std::cout << "studies     " << statistics.studies << '\n'
            << "series      " << statistics.series << '\n'
            << "instances   " << statistics.instances << '\n'
            << "MiB read    " << (report.bytes >> 20) << '\n'
            << "duplicates  " << report.duplicates << '\n'
            << "in trash    " << report.trashed << '\n'
            << "damaged     " << report.damaged << '\n'
            << "seconds     " << static_cast<uint64_t>(seconds.count()) << '\n';
  return report.damaged == 0 ? 0 : 1;
}

}  // namespace fermata::archive
