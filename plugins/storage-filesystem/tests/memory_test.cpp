#include <atomic>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <new>
#include <optional>
#include <string>
#include <utility>

#include "journaled_store.hpp"

// Memory that runs out at every place where it can, in the journal and around it.
namespace {

using namespace fermata;
using namespace fermata::storage_filesystem;

thread_local int64_t passing = -1;       // allocations of this thread until one fails; negative: none does
thread_local bool tests = false;         // this thread runs the tests
std::atomic<int64_t> failing_elsewhere;  // how many fail in others

bool fails() {
  if (!tests) return failing_elsewhere > 0 && failing_elsewhere-- > 0;
  return passing >= 0 && passing-- == 0;
}

void* allocate(std::size_t size) {
  if (!fails())
    if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}

/// What a kill would leave, opened again.
struct Killed {
  explicit Killed(const fs::path& root) {
    fs::copy(root, folder.path(), fs::copy_options::recursive);
    store.emplace(journaled(folder.path()));
  }
  TemporaryFolder folder;
  std::optional<FilesystemBlobStore> store;
};

std::vector<std::string> keys_after_a_kill(const fs::path& root) {
  Killed killed(root);
  return keys(*killed.store);
}

/// Does `step`, which gets a number, again and again, letting one allocation after the other fail, until there is none
/// left that could; then looks with `check`. Returns how many have failed.
template <class Step, class Check>
int at_every_allocation(Step&& step, Check&& check) {
  tests = true;
  for (int number = 0;; ++number) {
    try {
      step(number);
    } catch (const std::exception&) {
    }
    const bool failed = std::exchange(passing, -1) < 0;
    INFO("allocation " << number);
    check(number);
    if (!failed) return number;
  }
}

TEST_CASE("a blob that is refused since memory has run out does not come back after a kill") {
  TemporaryFolder folder;
  FilesystemBlobStore store(journaled(folder.path()));
  int refused = 0;
  const auto failed = at_every_allocation(
      [&](int number) {
        const auto writer = store.create("2026/" + std::to_string(number));
        writer->append(some_bytes(1200, 1));
        ++refused;
        passing = number;
        writer->commit();
        --refused;
      },
      [&](int number) {
        REQUIRE(keys_after_a_kill(folder.path()) == keys(store));
        put(store, "after/" + std::to_string(number), some_bytes(10, 1));
      });
  CHECK(failed > 5);
  CHECK(refused > 5);
}

TEST_CASE("a blob that could not get its name does not come back after a kill, even if memory has run out") {
  TemporaryFolder folder;
  Watched opened(journaled(folder.path()));
  put(opened.store, "a/b", some_bytes(10, 1));
  const auto failed = at_every_allocation(
      [&](int number) {
        const auto key = "a/" + std::to_string(number);
        const auto writer = opened.store.create(key);
        writer->append(some_bytes(1200, 1));
        bool taken = false;
        opened.disk.in_flush = [&] {
          if (std::exchange(taken, true)) return;
          fs::create_directories(folder.path() / "objects" / key);
          std::ofstream(folder.path() / "objects" / key / "in the way") << "a folder has the name";
          passing = number;
        };
        writer->commit();
      },
      [&](int number) {
        opened.disk.in_flush = {};
        CHECK(keys_after_a_kill(folder.path()) == keys(opened.store));
        put(opened.store, "after/" + std::to_string(number), some_bytes(10, 1));
      });
  CHECK(failed > 2);
}

TEST_CASE("a blob that is removed while memory runs out is there after a kill if it is there now") {
  TemporaryFolder folder;
  FilesystemBlobStore store(journaled(folder.path()));
  const auto failed = at_every_allocation(
      [&](int number) {
        const auto key = "a/" + std::to_string(number);
        put(store, key, some_bytes(1200, 1));
        passing = number;
        store.remove(key);
      },
      [&](int) { REQUIRE(keys_after_a_kill(folder.path()) == keys(store)); });
  CHECK(failed > 0);
}

TEST_CASE("settling waits until there is memory for it") {
  tests = true;
  TemporaryFolder folder;
  {
    FilesystemBlobStore store(journaled(folder.path()));
    failing_elsewhere = 3;
    for (int i = 0; i < 200; ++i) put(store, "a/" + std::to_string(i), some_bytes(2000, 1));
    CHECK(keys(store).size() == 200);
  }
  CHECK(failing_elsewhere == 0);
  CHECK(records_in(folder.path()) == 0);
}

}  // namespace

void* operator new(std::size_t size) { return allocate(size); }
void* operator new[](std::size_t size) { return allocate(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
