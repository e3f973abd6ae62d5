#include "group_commit.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <functional>
#include <thread>
#include <vector>

namespace {

using namespace fermata;
using namespace fermata::storage_filesystem;

/// Counts the waits for the disk and lets a test say what happens in them.
class FakeDurability final : public Durability {
 public:
  explicit FakeDurability(std::function<void(const Changes&)> wait) : wait_(std::move(wait)) {}
  void settle(const FileDescriptor&, const std::string&) override {}
  void make_names_durable(const Changes& changes) override {
    ++waits;
    wait_(changes);
  }
  bool covers_all_folders() const override { return false; }
  std::string_view name() const override { return "fake"; }

  std::atomic<int> waits{0};

 private:
  std::function<void(const Changes&)> wait_;
};

void sleep(int milliseconds) { std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds)); }

std::shared_ptr<Directory> directory(std::string path) {
  return std::make_shared<Directory>(FileDescriptor(), std::move(path), nullptr);
}

TEST_CASE("threads that wait at the same time share a wait") {
  FakeDurability durability([](const Changes&) { sleep(20); });
  Soundness soundness;
  GroupCommit commits(durability, soundness);
  std::vector<std::thread> threads;
  for (int i = 0; i < 32; ++i) threads.emplace_back([&] { commits.wait_for({{directory("a")}}); });
  for (auto& thread : threads) thread.join();
  CHECK(durability.waits >= 1);
  CHECK(durability.waits <= 8);
}

TEST_CASE("who comes after a round has begun waits for the next") {
  std::atomic<bool> in_first{false}, second_returned{false}, early{false};
  FakeDurability durability([&](const Changes& changes) {
    if ((*changes.folders.begin())->path == "first") {
      in_first = true;
      sleep(50);
      early = second_returned.load();
    }
  });
  Soundness soundness;
  GroupCommit commits(durability, soundness);
  std::thread first([&] { commits.wait_for({{directory("first")}}); });
  while (!in_first) std::this_thread::yield();
  std::thread second([&] {
    commits.wait_for({{directory("second")}});
    second_returned = true;
  });
  first.join();
  second.join();
  CHECK(durability.waits == 2);
  CHECK_FALSE(early);
}

TEST_CASE("each folder of a round is synced once, and every one of every round") {
  std::mutex mutex;
  std::vector<std::string> synced;
  FakeDurability durability([&](const Changes& changes) {
    {
      const std::lock_guard lock(mutex);
      for (const auto& d : changes.folders) synced.push_back(d->path);
    }
    sleep(2);
  });
  Soundness soundness;
  GroupCommit commits(durability, soundness);
  std::vector<std::shared_ptr<Directory>> all;
  for (int i = 0; i < 16; ++i) all.push_back(directory(std::to_string(i)));
  std::atomic<int> missed{0};
  std::vector<std::thread> threads;
  for (const auto& mine : all)
    threads.emplace_back([&, mine] {
      for (std::size_t i = 1; i <= 20; ++i) {
        commits.wait_for({{mine}});
        const std::lock_guard lock(mutex);
        if (static_cast<std::size_t>(std::count(synced.begin(), synced.end(), mine->path)) != i) ++missed;
      }
    });
  for (auto& thread : threads) thread.join();
  CHECK(missed == 0);
  CHECK(durability.waits < 16 * 20);
}

TEST_CASE("a removal somewhere is not forgotten when it shares a round with a blob") {
  std::atomic<bool> in_first{false}, go_on{false};
  Changes second_round;
  FakeDurability durability([&](const Changes& changes) {
    if (in_first.exchange(true)) {
      second_round = changes;
      return;
    }
    while (!go_on) std::this_thread::yield();
  });
  Soundness soundness;
  GroupCommit commits(durability, soundness);
  std::thread first([&] { commits.wait_for({{directory("first")}}); });
  while (!in_first) std::this_thread::yield();
  std::thread blob([&] { commits.wait_for({{directory("second")}}); });
  std::thread removal([&] { commits.wait_for({.elsewhere = true}); });
  sleep(50);  // both wait for the second round
  go_on = true;
  first.join();
  blob.join();
  removal.join();
  CHECK(durability.waits == 2);
  CHECK(second_round.folders.size() == 1);
  CHECK(second_round.elsewhere);
}

TEST_CASE("a failed wait fails everybody in it, and the store takes nothing more") {
  FakeDurability durability([](const Changes&) {
    sleep(20);
    throw Error(Code::io, "the disk is broken");
  });
  Soundness soundness;
  GroupCommit commits(durability, soundness);
  std::atomic<int> failed{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      try {
        commits.wait_for({{directory("a")}});
      } catch (const Error& error) {
        if (error.code() == Code::io && std::string(error.what()).find("the disk is broken") != std::string::npos)
          ++failed;
      }
    });
  for (auto& thread : threads) thread.join();
  CHECK(failed == 8);
  const int waits = durability.waits;
  CHECK(waits == 1);
  CHECK_THROWS_WITH(commits.wait_for({{directory("a")}}), Catch::Contains("restart Fermata"));
  CHECK(durability.waits == waits);
}

TEST_CASE("a wait that fails for want of space may succeed later") {
  bool full = true;
  FakeDurability durability([&](const Changes&) {
    if (full) throw Error(Code::no_space, "full");
  });
  Soundness soundness;
  GroupCommit commits(durability, soundness);
  CHECK_THROWS_AS(commits.wait_for({{directory("a")}}), Error);
  full = false;
  CHECK_NOTHROW(commits.wait_for({{directory("a")}}));
}

/// Two lanes of which each waits until both have a round.
struct TwoLanes {
  explicit TwoLanes(std::function<void(unsigned)> then)
      : rounds(
            [this, then](const std::vector<int>&, unsigned lane) {
              ++under_way;
              while (under_way < 2) std::this_thread::yield();
              then(lane);
            },
            soundness, 2) {}
  /// What two threads at a time are told.
  std::vector<bool> failed() {
    std::vector<bool> told(2);
    std::vector<std::thread> threads;
    std::mutex mutex;
    for (std::size_t i = 0; i < 2; ++i)
      threads.emplace_back([&, i] {
        bool error = false;
        try {
          rounds.wait_for([&](std::vector<int>& work) { work.push_back(static_cast<int>(i)); });
        } catch (const Error&) {
          error = true;
        }
        const std::lock_guard lock(mutex);
        told[i] = error;
      });
    for (auto& thread : threads) thread.join();
    return told;
  }

  Soundness soundness;
  std::atomic<int> under_way{0};
  SharedWait<std::vector<int>> rounds;
};

TEST_CASE("with two lanes two rounds are under way at once") {
  TwoLanes lanes([](unsigned) {});
  CHECK(lanes.failed() == std::vector<bool>{false, false});
  CHECK(lanes.under_way == 2);
}

TEST_CASE("a round that has been performed is not failed by what another lane is told meanwhile") {
  TwoLanes* both = nullptr;
  TwoLanes lanes([&](unsigned lane) {
    if (lane == 0) throw Error(Code::io, "the disk is broken");
    while (!both->soundness.fault()) std::this_thread::yield();
  });
  both = &lanes;
  const auto failed = lanes.failed();
  CHECK(failed[0] != failed[1]);
  CHECK_THROWS_WITH(lanes.soundness.require(), Catch::Contains("the disk is broken"));
}

}  // namespace
