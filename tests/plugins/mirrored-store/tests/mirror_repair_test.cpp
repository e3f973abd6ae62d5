#include "mirror_repair.hpp"

#include <catch2/catch.hpp>

#include "failing_blob_store.hpp"

using namespace mirrored_store;
using Lost = MirrorRepair::Lost;
using Strings = std::vector<std::string>;

namespace {

struct Pair {
  FailingBlobStore main, copy;
  Strings told;

  RepairReport repair(Lost lost = Lost::report) {
    return MirrorRepair(main, copy, lost)
        .run([this](std::string_view key,
                    std::string_view what) { told.push_back(std::string(key) + ": " + std::string(what)); },
             [] { return true; });
  }
};

}  // namespace

TEST_CASE("what the copy lacks is copied") {
  Pair pair;
  for (const char* key : {"a", "c", "e"}) put(pair.main, key, std::string("content of ") + key);
  put(pair.copy, "c", "content of c");
  const auto report = pair.repair();
  CHECK(report.copied == 2);
  CHECK(report.equal == 1);
  CHECK(keys(pair.copy) == Strings{"a", "c", "e"});
  CHECK(get(pair.copy, "e") == "content of e");
  CHECK(pair.repair().equal == 3);
}

TEST_CASE("large blobs are copied in pieces") {
  Pair pair;
  const std::string content((std::size_t{3} << 20) + 7, 'x');
  put(pair.main, "a", content);
  CHECK(pair.repair().copied == 1);
  CHECK(get(pair.copy, "a") == content);
}

TEST_CASE("a copy of another length is made anew") {
  Pair pair;
  put(pair.main, "a", "the right content");
  put(pair.copy, "a", "wrong");
  CHECK(pair.repair().copied == 1);
  CHECK(get(pair.copy, "a") == "the right content");
}

TEST_CASE("what only the copy has is told, and put back only when asked for") {
  Pair pair;
  put(pair.copy, "b", "kept");
  CHECK(pair.repair().only_in_copy == 1);
  CHECK(pair.told == Strings{"b: only the copy has it"});
  CHECK(keys(pair.main).empty());
  CHECK(pair.repair(Lost::restore).restored == 1);
  CHECK(get(pair.main, "b") == "kept");
}

TEST_CASE("what can't be copied is told, and the rest goes on") {
  Pair pair;
  put(pair.main, "a", "1");
  put(pair.main, "b", "2");
  int calls = 0;
  const auto report = MirrorRepair(pair.main, pair.copy, Lost::report)
                          .run([&](std::string_view, std::string_view) { pair.copy.failing = false; },
                               [&] {
                                 pair.copy.failing = calls++ == 0;
                                 return true;
                               });
  CHECK(report.failed == 1);
  CHECK(report.copied == 1);
}

TEST_CASE("a repair ends when it is not wanted any more") {
  Pair pair;
  for (const char* key : {"a", "b", "c"}) put(pair.main, key, key);
  int steps = 0;
  MirrorRepair(pair.main, pair.copy, Lost::report)
      .run([](std::string_view, std::string_view) {}, [&] { return ++steps <= 2; });
  CHECK(keys(pair.copy) == Strings{"a", "b"});
}
