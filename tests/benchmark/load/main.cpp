// Puts load on an archive over connections that are opened before the clock starts, and prints one JSON object: how
// many operations, how fast, how long each took. `load` alone shows the usage.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <latch>
#include <stdexcept>
#include <thread>

#include "latencies.hpp"
#include "work.hpp"

namespace fermata::benchmark {
namespace {

struct Share {
  Clock::time_point begin, end;
  Latencies took, first_byte;
  uint64_t bytes = 0, answers = 0;
  std::string failed;
  bool refused = false;
};

std::unique_ptr<Work> work(const LoadOptions& options, unsigned connection) {
  for (const auto make : {dimse_work, http_work, raw_work})
    if (auto made = make(options, connection)) return made;
  throw std::invalid_argument("there is no load of kind " + options.kind);
}

void run_share(const LoadOptions& options, Work& work, Share& share) {
  const uint64_t operations = (options.operations + options.connections - 1) / options.connections;
  for (uint64_t n = 0; n < operations && microseconds_since(share.begin) < options.seconds * 1e6; ++n) {
    const auto start = Clock::now();
    const auto done = work.once(n);
    share.took.add(microseconds_since(start));
    if (done.first_byte_us) share.first_byte.add(*done.first_byte_us);
    share.bytes += done.bytes;
    share.answers += done.answers;
  }
}

/// How many objects each connection has had confirmed, and the study that the first of them is in.
void print_confirmed(const LoadOptions& options, const std::vector<Share>& shares) {
  std::printf(", \"confirmed\": {");
  for (unsigned c = 0; c < shares.size(); ++c)
    std::printf("%s\"%s\": %zu", c == 0 ? "" : ", ", Study(options.portion(c).study(0)).uid.c_str(),
                shares[c].took.count());
  std::printf("}");
}

void print(const LoadOptions& options, double seconds, const std::vector<Share>& shares, Share& all) {
  std::printf(
      "{\"kind\": \"%s\", \"connections\": %u, \"operations\": %zu, \"seconds\": %.3f, \"per_second\": %.1f, "
      "\"mb_per_second\": %.1f, \"answers\": %llu, %s",
      options.kind.c_str(), options.connections, all.took.count(), seconds,
      static_cast<double>(all.took.count()) / seconds, static_cast<double>(all.bytes) / seconds / 1e6,
      static_cast<unsigned long long>(all.answers), all.took.json().c_str());
  if (all.first_byte.count() > 0)
    std::printf(", \"first_byte_p50_ms\": %.4f, \"first_byte_p99_ms\": %.4f", all.first_byte.at(0.5) / 1e3,
                all.first_byte.at(0.99) / 1e3);
  if (options.until_broken) print_confirmed(options, shares);
  std::printf("}\n");
}

int run(const LoadOptions& options) {
  std::vector<Share> shares(options.connections);
  std::latch connected(options.connections + 1);
  std::vector<std::thread> threads;
  for (unsigned c = 0; c < options.connections; ++c)
    threads.emplace_back([&, c] {
      std::unique_ptr<Work> mine;
      try {
        mine = work(options, c);
      } catch (const std::exception& error) {
        shares[c].failed = error.what();
      }
      connected.arrive_and_wait();
      try {
        shares[c].begin = Clock::now();
        if (mine) run_share(options, *mine, shares[c]);
      } catch (const Refused& refused) {
        shares[c].failed = refused.what();
        shares[c].refused = true;
      } catch (const std::exception& error) {
        shares[c].failed = error.what();
      }
      shares[c].end = Clock::now();
    });
  connected.arrive_and_wait();
  for (auto& thread : threads) thread.join();
  // By the clocks of those that worked: on a busy machine this thread may wake up when they have long begun.
  Share all;
  all.begin = shares[0].begin;
  for (auto& share : shares) {
    all.begin = std::min(all.begin, share.begin);
    all.end = std::max(all.end, share.end);
    if (!share.failed.empty() && (share.refused || !options.until_broken))
      throw std::runtime_error(options.kind + ": " + share.failed);
    all.took.add(share.took);
    all.first_byte.add(share.first_byte);
    all.bytes += share.bytes;
    all.answers += share.answers;
  }
  print(options, std::chrono::duration<double>(all.end - all.begin).count(), shares, all);
  return 0;
}

}  // namespace
}  // namespace fermata::benchmark

int main(int count, char** arguments) {
  try {
    return fermata::benchmark::run(fermata::benchmark::load_options(count, arguments));
  } catch (const std::invalid_argument& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 64;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
