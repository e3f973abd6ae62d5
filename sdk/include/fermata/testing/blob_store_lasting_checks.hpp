#pragma once
#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/testing/blob_store_probe.hpp"
#include "fermata/testing/killed_process.hpp"
#include "fermata/testing/threads_and_errors.hpp"

// Checks of a blob store over time: its room, opening it again, the sudden end of its process.
namespace fermata::testing::blob_store_checks {

inline void capacity_is_plausible(BlobStore& store) {
  const auto capacity = store.capacity();
  CHECK(capacity.total > 0);
  CHECK(capacity.available > 0);
  CHECK(capacity.available <= capacity.total);
}

/// Only where the store is small: filling a disk takes long, and everybody else on it would notice.
inline void a_full_store_goes_on_reading(BlobStore& store) {
  constexpr uint64_t kSmall = uint64_t{64} << 20;
  if (store.capacity().available > kSmall)
    throw SkippedCheck("the store has room for " + std::to_string(store.capacity().available >> 20) +
                       " MiB; configure one with less than 64");
  put(store, "kept", some_bytes(1000, 1));
  const auto piece = some_bytes(std::size_t{1} << 20, 2);
  std::vector<std::string> written{"kept"};
  auto code = kNoError;
  while (code == kNoError && written.size() < 100) {
    const auto key = "fill/" + std::to_string(written.size() + 100);
    code = code_of([&] { put(store, key, piece); });
    if (code == kNoError) written.push_back(key);
  }
  std::sort(written.begin(), written.end());
  CHECK(code == Code::no_space);
  CHECK(store.capacity().available < piece.size());
  CHECK(keys(store) == written);
  CHECK(get(store, "kept") == some_bytes(1000, 1));
  for (const auto& key : written)
    if (key != "kept") store.remove(key);
  store.sync();
  put(store, "again", some_bytes(1000, 3));
  CHECK(get(store, "again") == some_bytes(1000, 3));
}

/// Reading back what an earlier opening of the store has committed, and nothing else.
inline void content_survives_reopening(BlobStoreSubject& subject) {
  const auto bytes = some_bytes(300'000, 8);
  {
    auto& store = subject.store();
    put(store, "kept/1", bytes);
    put(store, "kept/2", {});
    put(store, "gone", bytes);
    store.remove("gone");
    store.sync();
    store.create("unfinished")->append(bytes);
  }
  if (!subject.reopen()) throw SkippedCheck("the store keeps nothing");
  auto& store = subject.store();
  CHECK(keys(store) == std::vector<std::string>{"kept/1", "kept/2"});
  CHECK(get(store, "kept/1") == bytes);
  require_error(Code::conflict, [&] { put(store, "kept/1", {}); });
  put(store, "gone", some_bytes(5, 5));
  CHECK(get(store, "gone") == some_bytes(5, 5));
}

inline void needs_to_be_killed(const BlobStoreSubject& subject) {
  if (!subject.may_be_killed()) throw SkippedCheck("what the store has does not survive its process");
}

inline void a_blob_is_gone_if_the_process_dies_before_commit(BlobStoreSubject& subject) {
  needs_to_be_killed(subject);
  const auto bytes = some_bytes(3'000'000, 9);
  run_and_kill(1, [&](const Say& say) {
    auto& store = subject.store();
    put(store, "kept", bytes);
    const auto writer = store.create("unfinished");
    writer->append(bytes);
    say("appended");
    for (;;) ::pause();
  });
  auto& store = subject.store();
  CHECK(keys(store) == std::vector<std::string>{"kept"});
  CHECK(get(store, "kept") == bytes);
  require_error(Code::not_found, [&] { store.open("unfinished"); });
  put(store, "unfinished", some_bytes(10, 1));
  CHECK(get(store, "unfinished") == some_bytes(10, 1));
}

/// Four threads commit as fast as they can until the process dies.
inline void committed_blobs_outlive_a_killed_process(BlobStoreSubject& subject) {
  needs_to_be_killed(subject);
  const auto content = [](std::string_view key) { return some_bytes(1000 * key.size(), uint32_t(key.back())); };
  const auto said = run_and_kill(60, [&](const Say& say) {
    auto& store = subject.store();
    in_threads(4, [&](std::size_t thread) {
      for (int i = 0; i < 1000; ++i) {
        const auto key = "k/" + std::to_string(thread) + "/" + std::to_string(i);
        put(store, key, content(key));
        say(key);
      }
    });
  });
  CHECK(said.size() >= 60);
  auto& store = subject.store();
  const auto listed = keys(store);
  for (const auto& key : said) CHECK(std::binary_search(listed.begin(), listed.end(), key));
  for (const auto& key : listed) {
    INFO(key);
    CHECK(get(store, key) == content(key));
  }
}

inline void removed_blobs_stay_away_from_a_killed_process(BlobStoreSubject& subject) {
  needs_to_be_killed(subject);
  run_and_kill(1, [&](const Say& say) {
    auto& store = subject.store();
    for (const char* key : {"r/1", "r/2", "r/3"}) put(store, key, some_bytes(100, 1));
    store.remove("r/2");
    store.sync();
    say("removed");
    for (;;) ::pause();
  });
  CHECK(keys(subject.store()) == std::vector<std::string>{"r/1", "r/3"});
}

/// 5 GiB: offsets beyond 32 bits. Takes long and much room: not among the checks that always run.
inline void a_blob_may_be_larger_than_4_gib(BlobStore& store) {
  if (store.capacity().available < uint64_t{6} << 30) throw SkippedCheck("the store has no room for 6 GiB");
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

}  // namespace fermata::testing::blob_store_checks
