#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "durable_queue.hpp"
#include "fermata/error.hpp"
#include "fermata/testing/killed_process.hpp"
#include "fermata/testing/temporary_folder.hpp"
#include "folder_state_store.hpp"
#include "given_clock.hpp"

using namespace fermata;
using namespace fermata::jobs;

namespace {

constexpr int kItems = 200;

/// Says each item that it does, and saves every tenth.
class Counting final : public JobRunner {
 public:
  explicit Counting(testing::Say say) : say_(std::move(say)) {}
  void run(JobRun& run) override {
    for (int i = run.checkpoint().empty() ? 0 : std::stoi(text(run.checkpoint())); i < kItems; ++i) {
      say_(std::to_string(i));
      run.progress(static_cast<uint64_t>(i) + 1, kItems, "");
      if (i % 10 == 9) run.save(bytes(std::to_string(i + 1)));
    }
  }

 private:
  const testing::Say say_;
};

/// Does what is in the queue, after adding one if it is empty.
void do_jobs(const std::filesystem::path& folder, const testing::Say& say) {
  FolderStateStore store(folder);
  GivenClock clock;
  JobTable table(store, {100, INT64_MAX / 4, 100}, clock.clock(), {});
  table.load();
  DurableQueue queue(table, 1, {});
  Counting runner(say);
  queue.add_runner("count", runner);
  if (queue.views().empty()) queue.add(request("count"));
  queue.serve();
  while (!queue.views().front().job.ended()) ::usleep(1000);
}

}  // namespace

TEST_CASE("A job that is killed again and again goes on from its checkpoint and leaves nothing out") {
  const testing::TemporaryFolder folder;
  std::vector<bool> done(kItems, false);
  std::size_t first_of_last_run = 0;
  for (int life = 0; life < 20; ++life) {
    const auto said = testing::run_and_kill(37, [&](const testing::Say& say) { do_jobs(folder.path(), say); });
    if (said.empty()) break;
    first_of_last_run = std::stoul(said.front());
    for (const auto& item : said) done.at(std::stoul(item)) = true;
  }
  CHECK(std::count(done.begin(), done.end(), true) == kItems);
  CHECK(first_of_last_run >= 30);  // it did not begin anew
}
