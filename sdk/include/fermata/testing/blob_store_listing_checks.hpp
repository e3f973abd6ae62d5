#pragma once
#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "fermata/testing/blob_store_probe.hpp"

// Checks of listing and removing; blob_store_conformance.hpp runs them.
namespace fermata::testing::blob_store_checks {

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

}  // namespace fermata::testing::blob_store_checks
