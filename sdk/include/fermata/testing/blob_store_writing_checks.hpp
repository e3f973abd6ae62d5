#pragma once
#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "fermata/testing/blob_store_probe.hpp"

// Checks of what is written and read back; blob_store_conformance.hpp runs them.
namespace fermata::testing::blob_store_checks {

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

}  // namespace fermata::testing::blob_store_checks
