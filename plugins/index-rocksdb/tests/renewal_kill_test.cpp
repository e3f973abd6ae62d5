#include <map>
#include <random>
#include <sstream>
#include <thread>

#include "consistent_index.hpp"
#include "fermata/testing/killed_process.hpp"
#include "opened_renewal.hpp"

using namespace fermata;
using namespace fermata::index_rocksdb;
using fermata::testing::IndexProbe;
using fermata::testing::run_and_kill;
using fermata::testing::SampleInstance;
using fermata::testing::Say;

namespace {

constexpr unsigned kWriters = 2;

/// Says what it is about to do with an instance, and then that it is done.
void write_for_ever(Index& index, unsigned writer, unsigned seed, const Say& say) {
  std::mt19937 random(seed * 100 + writer);
  IndexProbe probe(index);
  for (;;) {
    const std::string study = "1." + std::to_string(writer) + std::to_string(random() % 3);
    const std::string uid = study + ".1." + std::to_string(random() % 40);
    const bool removes = random() % 3 == 0;
    say("? " + uid);
    if (removes)
      probe.remove(study, uid);
    else
      probe.store(SampleInstance(study, study + ".1", uid));
    say((removes ? "- " : "+ ") + uid);
    if (seed % 2 != 0)
      std::this_thread::sleep_for(std::chrono::microseconds(500));  // so that more of the kills are elsewhere
  }
}

/// Makes the index anew, and goes on with what the last process has left.
void write_and_renew_for_ever(const std::filesystem::path& folder, unsigned seed, const Say& say) {
  RenewableIndex opened(folder);
  for (unsigned writer = 1; writer <= kWriters; ++writer)
    std::thread([&opened, writer, seed, &say] { write_for_ever(opened.index, writer, seed, say); }).detach();
  for (;;) {
    std::unique_ptr<NewIndex> made;
    try {
      made = opened.renewal.resume();
    } catch (const Error&) {
      made = opened.renewal.begin();
    }
    if (made->position().empty()) fill(*made, opened.index);
    made->save("filled");
    while (made->catch_up(20) > 10) {
    }
    made->take_over();
    say("new");
  }
}

/// What has to be there, and what may be because its writer was killed in the middle of it.
class Expected {
 public:
  void hear(const std::vector<std::string>& lines) {
    for (const auto& line : lines) {
      if (line == "new") {
        ++renewals;
        continue;
      }
      const auto uid = line.substr(2);
      if (line[0] == '?') uncertain_.insert(uid);
      if (line[0] == '?') continue;
      uncertain_.erase(uid);
      if (line[0] == '+')
        there_.insert(uid);
      else
        there_.erase(uid);
    }
  }
  void compare(const std::vector<std::string>& list) {
    std::set<std::string> found(list.begin(), list.end());
    for (const auto& uid : uncertain_)
      if (found.count(uid) != 0)
        there_.insert(uid);
      else
        there_.erase(uid);
    uncertain_.clear();
    CHECK(found == there_);
  }
  int renewals = 0;

 private:
  std::set<std::string> there_;
  std::set<std::string> uncertain_;
};

}  // namespace

TEST_CASE(
    "whenever a process is killed that makes the index anew, one whole index is there with all that was written") {
  const TemporaryFolder folder;
  Expected expected;
  std::mt19937 random(7);
  for (unsigned round = 0; round < 25; ++round) {
    INFO("round " << round);
    expected.hear(run_and_kill(50 + random() % 1500,
                               [&](const Say& say) { write_and_renew_for_ever(folder.path(), round, say); }));
    RenewableIndex opened(folder.path());
    expected.compare(IndexProbe(opened.index).instances());
    CHECK(opened.database.generations().all().size() <= 2);
    if (opened.index.statistics().instances != 0) check_consistent(opened.index);
  }
  CHECK(expected.renewals > 5);
}
