#include "reindex.hpp"

#include <chrono>
#include <iostream>

namespace fermata::archive {

int32_t ReindexCommand::run(std::span<const std::string_view> arguments) {
  if (!arguments.empty()) throw Error(Code::invalid, "reindex takes no arguments");
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  auto shown = start;
  const auto report = recovery_.rebuild([&](const RecoveryReport& so_far) {
    if (Clock::now() - shown < std::chrono::seconds(2)) return;
    shown = Clock::now();
    std::cerr << so_far.indexed << " objects, " << (so_far.bytes >> 20) << " MiB, at " << so_far.last_key << '\n';
  });
  const auto statistics = index_.statistics();
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
