#pragma once
#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "fermata/blob_store.hpp"
#include "fermata/error.hpp"
#include "fermata/testing/through_boundary.hpp"

/// What every blob store must do. In a test program of the store's plugin, with a class that opens a new, empty store:
///
///     struct MyStore {
///       std::unique_ptr<fermata::BlobStore> open();         // again after the first has ended: the same content
///       static constexpr bool kKeepsContent = true;         // false: a store in memory, which opens empty
///     };
///     FERMATA_BLOB_STORE_CONFORMANCE(MyStore)
///
/// makes two tests of each rule: on the object, and through its C table as another plugin sees it.
namespace fermata::testing::blob_store_rules {

using Bytes = std::vector<std::byte>;

inline Bytes some_bytes(std::size_t count, uint32_t seed) {
  std::minstd_rand random(seed + 1);
  Bytes bytes(count);
  for (auto& b : bytes) b = static_cast<std::byte>(random() >> 8);
  return bytes;
}

inline void put(BlobStore& store, std::string_view key, const Bytes& bytes) {
  auto writer = store.create(key);
  writer->append(bytes);
  writer->commit();
}

inline Bytes get(BlobStore& store, std::string_view key) {
  auto reader = store.open(key);
  Bytes bytes(reader->length());
  bytes.resize(reader->read_at(0, bytes));  // called by threads: nothing of Catch2 in here
  return bytes;
}

inline std::vector<std::string> keys(BlobStore& store, std::string_view after = {}) {
  std::vector<std::string> found;
  auto cursor = store.list(after);
  for (BlobEntry entry; cursor->next(entry);) found.emplace_back(entry.key);
  return found;
}

template <class F>
void require_error(Code code, F&& call) {
  bool thrown = false;
  try {
    call();
  } catch (const Error& error) {
    thrown = true;
    INFO(error.what());
    CHECK(error.code() == code);
    CHECK(std::string_view(error.what()).size() > 10);
  }
  CHECK(thrown);
}

inline void a_committed_blob_is_read_back(BlobStore& store) {
  for (const std::size_t size : {0u, 1u, 4095u, 65536u, 262144u, 262145u, 5000000u}) {
    const std::string key = "sizes/" + std::to_string(size);
    const auto bytes = some_bytes(size, static_cast<uint32_t>(size));
    put(store, key, bytes);
    CHECK(get(store, key) == bytes);
    CHECK(store.open(key)->length() == size);
  }
}

inline void appended_pieces_of_any_size_make_one_blob(BlobStore& store) {
  const auto bytes = some_bytes(3'000'000, 7);
  auto writer = store.create("pieces");
  std::span<const std::byte> rest = bytes;
  for (std::size_t size = 1; !rest.empty(); size = size * 3 % 700'001) {
    const auto piece = rest.first(std::min(size, rest.size()));
    writer->append(piece);
    writer->append({});
    rest = rest.subspan(piece.size());
  }
  writer->commit();
  CHECK(get(store, "pieces") == bytes);
}

inline void a_blob_without_appends_is_empty(BlobStore& store) {
  store.create("empty")->commit();
  CHECK(store.open("empty")->length() == 0);
  std::byte b{};
  CHECK(store.open("empty")->read_at(0, {&b, 1}) == 0);
}

inline void an_unfinished_blob_is_not_visible(BlobStore& store) {
  auto writer = store.create("a/b");
  writer->append(some_bytes(1'000'000, 1));
  require_error(Code::not_found, [&] { store.open("a/b"); });
  require_error(Code::not_found, [&] { store.remove("a/b"); });
  CHECK(keys(store).empty());
  writer->commit();
  CHECK(keys(store) == std::vector<std::string>{"a/b"});
}

inline void a_blob_without_commit_has_never_existed(BlobStore& store) {
  store.create("a/b")->append(some_bytes(1'000'000, 1));
  require_error(Code::not_found, [&] { store.open("a/b"); });
  CHECK(keys(store).empty());
  put(store, "a/b", some_bytes(10, 2));
  CHECK(get(store, "a/b") == some_bytes(10, 2));
}

inline void ranges_are_read(BlobStore& store) {
  const auto bytes = some_bytes(100'000, 3);
  put(store, "ranges", bytes);
  auto reader = store.open("ranges");
  const auto read = [&](uint64_t offset, std::size_t count) {
    Bytes into(count);
    into.resize(reader->read_at(offset, into));
    return into;
  };
  CHECK(read(0, 10) == Bytes(bytes.begin(), bytes.begin() + 10));
  CHECK(read(54'321, 4321) == Bytes(bytes.begin() + 54'321, bytes.begin() + 58'642));
  CHECK(read(99'990, 100) == Bytes(bytes.end() - 10, bytes.end()));
  CHECK(read(100'000, 10).empty());
  CHECK(read(uint64_t{1} << 40, 10).empty());
  CHECK(read(UINT64_MAX, 10).empty());
  CHECK(read(5, 0).empty());
}

inline void one_reader_serves_many_threads(BlobStore& store) {
  const auto bytes = some_bytes(1'000'000, 4);
  put(store, "shared", bytes);
  auto reader = store.open("shared");
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (uint32_t seed = 0; seed < 4; ++seed)
    threads.emplace_back([&, seed] {
      std::minstd_rand random(seed + 1);
      for (int i = 0; i < 200; ++i) {
        const std::size_t offset = random() % 990'000;
        Bytes into(10'000);
        if (reader->read_at(offset, into) != into.size() ||
            !std::equal(into.begin(), into.end(), bytes.begin() + static_cast<std::ptrdiff_t>(offset)))
          ++wrong;
      }
    });
  for (auto& thread : threads) thread.join();
  CHECK(wrong == 0);
}

inline void a_key_is_committed_once(BlobStore& store) {
  put(store, "k", some_bytes(10, 1));
  require_error(Code::conflict, [&] { put(store, "k", some_bytes(20, 2)); });
  CHECK(get(store, "k") == some_bytes(10, 1));
  CHECK(keys(store) == std::vector<std::string>{"k"});
}

inline void of_many_writers_of_one_key_one_wins(BlobStore& store) {
  for (int round = 0; round < 20; ++round) {
    const std::string key = "race/" + std::to_string(round);
    constexpr uint32_t kWriters = 6;
    std::atomic<uint32_t> winners{0}, conflicts{0}, winner{0}, ready{0};
    std::vector<std::thread> threads;
    for (uint32_t i = 0; i < kWriters; ++i)
      threads.emplace_back([&, i] {
        try {
          auto writer = store.create(key);
          writer->append(some_bytes(5000 + i, i));
          for (++ready; ready < kWriters;) std::this_thread::yield();
          writer->commit();
          ++winners;
          winner = i;
        } catch (const Error& error) {
          ++ready;
          if (error.code() == Code::conflict) ++conflicts;
        }
      });
    for (auto& thread : threads) thread.join();
    CHECK(winners == 1);
    CHECK(conflicts == kWriters - 1);
    CHECK(get(store, key) == some_bytes(5000 + winner, winner));
  }
}

inline void writers_of_many_keys_work_side_by_side(BlobStore& store) {
  constexpr uint32_t kThreads = 8, kEach = 25;
  std::atomic<int> failed{0};
  std::vector<std::thread> threads;
  for (uint32_t t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      try {
        for (uint32_t i = 0; i < kEach; ++i)
          put(store, "many/" + std::to_string(i) + "/" + std::to_string(t), some_bytes(1000 + i, t));
      } catch (const Error&) {
        ++failed;
      }
    });
  for (auto& thread : threads) thread.join();
  CHECK(failed == 0);
  CHECK(keys(store).size() == kThreads * kEach);
  for (uint32_t t = 0; t < kThreads; ++t)
    for (uint32_t i = 0; i < kEach; ++i)
      CHECK(get(store, "many/" + std::to_string(i) + "/" + std::to_string(t)) == some_bytes(1000 + i, t));
}

inline void keys_are_listed_in_byte_order(BlobStore& store) {
  // '-' and '.' sort before '/', digits and letters after it: folders must not be sorted by their bare names.
  std::vector<std::string> all{"2026/11/22/1/0001.dcm",
                               "2026/11/22/1/0002.dcm",
                               "2026/11/22/10/0001.dcm",
                               "2026/11/22/2",
                               "2026/11/22-a",
                               "2026/11/22.x",
                               "2026/11/220",
                               "2026/12",
                               "2025/1/1",
                               "A",
                               "a",
                               "a0/b",
                               "a-b/c",
                               "a.b/c",
                               "_",
                               ".hidden",
                               "...",
                               "2026/11/22/0/0/0/0"};
  std::mt19937 random(1);
  std::shuffle(all.begin(), all.end(), random);
  for (const auto& key : all) put(store, key, some_bytes(key.size(), 0));
  std::sort(all.begin(), all.end());
  CHECK(keys(store) == all);

  auto cursor = store.list("");
  for (BlobEntry entry; cursor->next(entry);) CHECK(entry.length == entry.key.size());
}

inline void listing_goes_on_after_any_key(BlobStore& store) {
  std::vector<std::string> all;
  for (const char* folder : {"2025/12/31/", "2026/01/01/", "2026/01/02/", "2026/01/10/", "x-", "x/", "x."})
    for (const char* name : {"1", "1.dcm", "2/1", "2/2", "2-3"}) all.push_back(std::string(folder) + name);
  for (const auto& key : all) put(store, key, {});
  std::sort(all.begin(), all.end());

  std::vector<std::string> places = all;
  for (const char* place : {"", "0", "2026", "2026/", "2026/01/01", "2026/01/01/", "2026/01/01/2/", "2026/01/015", "x",
                            "x/2", "y", "2026/01/01/1.dcm.", "2026/01/02/2-"})
    places.emplace_back(place);
  for (const auto& place : places) {
    INFO("after " << place);
    CHECK(keys(store, place) == std::vector<std::string>(std::upper_bound(all.begin(), all.end(), place), all.end()));
  }
}

inline void a_cursor_outlives_removal_of_what_it_lists(BlobStore& store) {
  for (int i = 100; i < 160; ++i) put(store, "r/" + std::to_string(i / 10) + "/" + std::to_string(i), {});
  auto cursor = store.list("");
  BlobEntry entry;
  REQUIRE(cursor->next(entry));
  for (int i = 105; i < 160; ++i) store.remove("r/" + std::to_string(i / 10) + "/" + std::to_string(i));
  std::vector<std::string> seen;
  while (cursor->next(entry)) seen.emplace_back(entry.key);
  CHECK(std::is_sorted(seen.begin(), seen.end()));
  for (const char* kept : {"r/10/101", "r/10/102", "r/10/103", "r/10/104"})
    CHECK(std::count(seen.begin(), seen.end(), kept) == 1);
}

inline void other_keys_are_invalid(BlobStore& store) {
  const std::string longest = std::string(255, 'a') + "/" + std::string(255, 'b') + "/";
  for (const auto& key : std::vector<std::string>{
           "", "/", "/a", "a/", "a//b", ".", "..", "a/../b", "./a", "a/.", "a b", "a\\b", "\xc3\xa4", "a:b", "a\n",
           std::string("a\0b", 3), std::string(256, 'a'), longest + "cc", "a/" + std::string(256, 'a') + "/b"}) {
    INFO(key);
    require_error(Code::invalid, [&] { store.create(key); });
    require_error(Code::invalid, [&] { store.open(key); });
    require_error(Code::invalid, [&] { store.remove(key); });
  }
  CHECK(keys(store).empty());
  put(store, std::string(255, 'a') + "/" + std::string(256 / 2, 'b') + "/" + std::string(127, 'c'), {});
  CHECK(keys(store).size() == 1);
  CHECK(keys(store).front().size() == 512);
}

inline void a_removed_blob_is_gone_at_once(BlobStore& store) {
  for (const char* key : {"d/e/1", "d/e/2", "d/f/1"}) put(store, key, some_bytes(9, 9));
  store.remove("d/e/1");
  require_error(Code::not_found, [&] { store.open("d/e/1"); });
  require_error(Code::not_found, [&] { store.remove("d/e/1"); });
  CHECK(keys(store) == std::vector<std::string>{"d/e/2", "d/f/1"});
  store.remove("d/e/2");
  store.remove("d/f/1");
  CHECK(keys(store).empty());
  store.sync();
  put(store, "d/e/1", some_bytes(8, 8));
  CHECK(get(store, "d/e/1") == some_bytes(8, 8));
}

inline void what_is_not_there_is_not_found(BlobStore& store) {
  put(store, "x/y", {});
  for (const char* key : {"z", "x", "x/z", "x/y/z", "z/x/y"}) {
    require_error(Code::not_found, [&] { store.open(key); });
    require_error(Code::not_found, [&] { store.remove(key); });
  }
}

inline void an_open_blob_stays_readable_when_removed(BlobStore& store) {
  const auto bytes = some_bytes(500'000, 5);
  put(store, "open", bytes);
  auto reader = store.open("open");
  store.remove("open");
  put(store, "open", some_bytes(10, 6));
  Bytes into(bytes.size());
  CHECK(reader->read_at(0, into) == bytes.size());
  CHECK(into == bytes);
  CHECK(get(store, "open") == some_bytes(10, 6));
}

inline void removing_and_writing_next_to_each_other_get_on(BlobStore& store) {
  std::atomic<int> failed{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 6; ++t)
    threads.emplace_back([&, t] {
      try {
        for (int i = 0; i < 60; ++i) {
          const std::string key = "p/" + std::to_string(i % 2) + "/q/" + std::to_string(t);
          put(store, key, some_bytes(100, 1));
          if (get(store, key) != some_bytes(100, 1)) ++failed;
          store.remove(key);
          if (i % 20 == 0) store.sync();
        }
      } catch (const Error&) {
        ++failed;
      }
    });
  for (auto& thread : threads) thread.join();
  CHECK(failed == 0);
  CHECK(keys(store).empty());
}

inline void capacity_is_plausible(BlobStore& store) {
  const auto capacity = store.capacity();
  CHECK(capacity.total > 0);
  CHECK(capacity.available > 0);
  CHECK(capacity.available <= capacity.total);
}

/// Reading back what an earlier opening of the store has committed, and nothing else.
template <class Subject>
void content_survives_reopening(Subject& subject) {
  if constexpr (Subject::kKeepsContent) {
    const auto bytes = some_bytes(300'000, 8);
    {
      auto store = subject.open();
      put(*store, "kept/1", bytes);
      put(*store, "kept/2", {});
      put(*store, "gone", bytes);
      store->remove("gone");
      store->sync();
      store->create("unfinished")->append(bytes);
    }
    auto store = subject.open();
    CHECK(keys(*store) == std::vector<std::string>{"kept/1", "kept/2"});
    CHECK(get(*store, "kept/1") == bytes);
    require_error(Code::conflict, [&] { put(*store, "kept/1", {}); });
  } else {
    CHECK(keys(*subject.open()).empty());
  }
}

/// 5 GiB: offsets beyond 32 bits. Takes long and much room, so that it runs only when named: [.big].
inline void a_blob_may_be_larger_than_4_gib(BlobStore& store) {
  const auto piece = some_bytes(std::size_t{64} << 20, 11);
  auto writer = store.create("large");
  for (int i = 0; i < 80; ++i) writer->append(piece);
  writer->append(some_bytes(3, 12));
  writer->commit();
  auto reader = store.open("large");
  CHECK(reader->length() == (uint64_t{80} << 26) + 3);
  Bytes end(10);
  CHECK(reader->read_at(uint64_t{80} << 26, end) == 3);
  end.resize(3);
  CHECK(end == some_bytes(3, 12));
  CHECK(reader->read_at((uint64_t{79} << 26) + 5, end) == 3);
  CHECK(end == Bytes(piece.begin() + 5, piece.begin() + 8));
  CHECK(store.open("large")->length() == reader->length());
}

template <class Subject>
void on_the_object(void (*rule)(BlobStore&)) {
  Subject subject;
  rule(*subject.open());
}

template <class Subject>
void through_the_c_table(void (*rule)(BlobStore&)) {
  Subject subject;
  const std::unique_ptr<BlobStore> store = subject.open();
  rule(*through_boundary(*store));
}

}  // namespace fermata::testing::blob_store_rules

#define FERMATA_BLOB_STORE_RULE(Subject, rule, tags)                                     \
  TEST_CASE(#Subject ": " #rule, tags) {                                                 \
    namespace rules = fermata::testing::blob_store_rules;                                \
    SECTION("on the object") { rules::on_the_object<Subject>(rules::rule); }             \
    SECTION("through the C table") { rules::through_the_c_table<Subject>(rules::rule); } \
  }

#define FERMATA_BLOB_STORE_CONFORMANCE(Subject)                                                                  \
  FERMATA_BLOB_STORE_RULE(Subject, a_committed_blob_is_read_back, "[blob-store]")                                \
  FERMATA_BLOB_STORE_RULE(Subject, appended_pieces_of_any_size_make_one_blob, "[blob-store]")                    \
  FERMATA_BLOB_STORE_RULE(Subject, a_blob_without_appends_is_empty, "[blob-store]")                              \
  FERMATA_BLOB_STORE_RULE(Subject, an_unfinished_blob_is_not_visible, "[blob-store]")                            \
  FERMATA_BLOB_STORE_RULE(Subject, a_blob_without_commit_has_never_existed, "[blob-store]")                      \
  FERMATA_BLOB_STORE_RULE(Subject, ranges_are_read, "[blob-store]")                                              \
  FERMATA_BLOB_STORE_RULE(Subject, one_reader_serves_many_threads, "[blob-store]")                               \
  FERMATA_BLOB_STORE_RULE(Subject, a_key_is_committed_once, "[blob-store]")                                      \
  FERMATA_BLOB_STORE_RULE(Subject, of_many_writers_of_one_key_one_wins, "[blob-store]")                          \
  FERMATA_BLOB_STORE_RULE(Subject, writers_of_many_keys_work_side_by_side, "[blob-store]")                       \
  FERMATA_BLOB_STORE_RULE(Subject, keys_are_listed_in_byte_order, "[blob-store]")                                \
  FERMATA_BLOB_STORE_RULE(Subject, listing_goes_on_after_any_key, "[blob-store]")                                \
  FERMATA_BLOB_STORE_RULE(Subject, a_cursor_outlives_removal_of_what_it_lists, "[blob-store]")                   \
  FERMATA_BLOB_STORE_RULE(Subject, other_keys_are_invalid, "[blob-store]")                                       \
  FERMATA_BLOB_STORE_RULE(Subject, a_removed_blob_is_gone_at_once, "[blob-store]")                               \
  FERMATA_BLOB_STORE_RULE(Subject, what_is_not_there_is_not_found, "[blob-store]")                               \
  FERMATA_BLOB_STORE_RULE(Subject, an_open_blob_stays_readable_when_removed, "[blob-store]")                     \
  FERMATA_BLOB_STORE_RULE(Subject, removing_and_writing_next_to_each_other_get_on, "[blob-store]")               \
  FERMATA_BLOB_STORE_RULE(Subject, capacity_is_plausible, "[blob-store]")                                        \
  TEST_CASE(#Subject ": a_blob_may_be_larger_than_4_gib", "[.big]") {                                            \
    namespace rules = fermata::testing::blob_store_rules;                                                        \
    if constexpr (Subject::kKeepsContent) rules::on_the_object<Subject>(rules::a_blob_may_be_larger_than_4_gib); \
  }                                                                                                              \
  TEST_CASE(#Subject ": content_survives_reopening", "[blob-store]") {                                           \
    Subject subject;                                                                                             \
    fermata::testing::blob_store_rules::content_survives_reopening(subject);                                     \
  }
