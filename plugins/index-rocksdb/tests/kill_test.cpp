#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <filesystem>
#include <random>
#include <set>
#include <string>
#include <thread>

#include "consistent_index.hpp"
#include "opened_index.hpp"

using namespace fermata;
using namespace fermata::index_rocksdb;
namespace a = fermata::testing::attribute;

namespace {

/// Stores, replaces and removes in several studies until it is killed, and says after each commit how many there were.
[[noreturn]] void write_until_killed(const std::filesystem::path& folder, int acknowledgements, unsigned seed) {
  Database database({folder});
  RocksIndex index(database);
  const auto work = [&](unsigned thread) {
    std::mt19937 random(seed * 100 + thread);
    testing::IndexProbe probe(index);
    for (;;) {
      const std::string study = "1." + std::to_string(thread) + std::to_string(random() % 3);
      const std::string series = study + "." + std::to_string(random() % 2);
      const std::string instance = series + "." + std::to_string(random() % 40);
      if (random() % 4 == 0)
        probe.remove(study, instance);
      else
        probe.store(testing::SampleInstance(study, series, instance)
                        .set(a::instance_number, std::to_string(random() % 50))
                        .set(a::modality, random() % 2 == 0 ? "CT" : "MR")
                        .set(a::patient_id, std::to_string(random() % 3)));
      const uint64_t done = 1;
      if (::write(acknowledgements, &done, 1) != 1) ::_exit(1);
    }
  };
  std::thread other([&] { work(1); });
  work(2);
  ::_exit(0);
}

/// Lets a child write, and kills it after so many commits.
void kill_a_writer(const std::filesystem::path& folder, unsigned seed, int commits) {
  int pipe[2];
  REQUIRE(::pipe(pipe) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::close(pipe[0]);
    write_until_killed(folder, pipe[1], seed);
  }
  ::close(pipe[1]);
  char byte;
  for (int i = 0; i < commits; ++i) REQUIRE(::read(pipe[0], &byte, 1) == 1);
  REQUIRE(::kill(child, SIGKILL) == 0);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFSIGNALED(status));
  ::close(pipe[0]);
}

}  // namespace

TEST_CASE("whenever a writer is killed, counts, indexes and records agree, and what was committed is there") {
  OpenedIndex opened;
  uint64_t changes = 0;
  for (unsigned round = 0; round < 5; ++round) {
    opened.close();
    kill_a_writer(opened.folder.path(), round, 100 + static_cast<int>(round) * 61);
    opened.open();
    check_consistent(*opened.index);
    const auto now = testing::IndexProbe(*opened.index).changes().size();
    CHECK(now > changes);
    changes = now;
  }
}

namespace {

/// The tables in a folder, by their names, of which none comes again.
void add_tables(const std::filesystem::path& folder, std::set<std::string>& tables) {
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".sst") tables.insert(entry.path().filename());
}

}  // namespace

TEST_CASE("starts that are followed by a kill make no heap of small tables, and lose nothing") {
  constexpr unsigned kStarts = 70;  // more than logs are kept
  OpenedIndex opened;
  opened.close();
  std::set<std::string> tables;
  for (unsigned round = 0; round < kStarts; ++round) {
    kill_a_writer(opened.folder.path(), round, 1);
    add_tables(opened.folder.path(), tables);
    REQUIRE(tables.size() < kStarts / 2);
  }
  opened.open();
  check_consistent(*opened.index);
  CHECK(testing::IndexProbe(*opened.index).changes().size() >= kStarts);
}
