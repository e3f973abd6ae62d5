#include "mirrored_blob_store.hpp"

#include <catch2/catch.hpp>
#include <map>

#include "failing_blob_store.hpp"

using namespace fermata;
using namespace mirrored_store;

namespace {

struct Mirror {
  FailingBlobStore main, copy;
  std::map<std::string, uint64_t> counted;
  MirroredBlobStore store{main, copy, journal()};

  Journal journal() {
    Journal journal;
    journal.count = [this](std::string_view counter, uint64_t increment) {
      counted[std::string(counter)] += increment;
    };
    return journal;
  }
};

}  // namespace

// tutorial: test
TEST_CASE("a blob is in both stores") {
  Mirror mirror;
  put(mirror.store, "a/1", "content");
  CHECK(get(mirror.main, "a/1") == "content");
  CHECK(get(mirror.copy, "a/1") == "content");
}

TEST_CASE("what the copy can't take is stored all the same, and counted") {
  Mirror mirror;
  mirror.copy.failing = true;
  put(mirror.store, "a/1", "content");
  CHECK(get(mirror.store, "a/1") == "content");
  CHECK(mirror.counted["copy_failed_total"] == 1);
}

TEST_CASE("reads come from the copy where the main store fails") {
  Mirror mirror;
  put(mirror.store, "a/1", "content");
  mirror.main.failing = true;
  CHECK(get(mirror.store, "a/1") == "content");
  CHECK(mirror.counted["read_from_copy_total"] == 1);
}
// tutorial: end

TEST_CASE("reads go on from the copy where the main store fails on the way") {
  Mirror mirror;
  put(mirror.store, "a/1", "content");
  const auto reader = mirror.store.open("a/1");
  std::string text(3, '\0');
  CHECK(reader->read_at(0, std::as_writable_bytes(std::span(text))) == 3);
  mirror.main.failing = true;
  CHECK(reader->read_at(3, std::as_writable_bytes(std::span(text))) == 3);
  CHECK(text == "ten");
  CHECK(reader->length() == 7);
  CHECK(mirror.counted["read_from_copy_total"] == 1);
}

TEST_CASE("a copy that fails in the middle of a blob leaves nothing there") {
  Mirror mirror;
  const auto writer = mirror.store.create("a/1");
  const std::string_view text = "content";
  writer->append(std::as_bytes(std::span(text.data(), text.size())));
  mirror.copy.failing = true;
  writer->append(std::as_bytes(std::span(text.data(), text.size())));
  mirror.copy.failing = false;
  writer->commit();
  CHECK(get(mirror.store, "a/1") == "contentcontent");
  CHECK(get(mirror.copy, "a/1") == kNotFound);
}

TEST_CASE("what the main store can't take is refused, and is not in the copy") {
  Mirror mirror;
  mirror.main.failing = true;
  CHECK_THROWS_AS(put(mirror.store, "a/1", "content"), Error);
  CHECK(get(mirror.copy, "a/1") == kNotFound);
}

TEST_CASE("a blob is removed from both, whichever has it") {
  Mirror mirror;
  put(mirror.store, "both", "1");
  put(mirror.main, "main", "2");
  put(mirror.copy, "copy", "3");
  for (const char* key : {"both", "main", "copy"}) {
    mirror.store.remove(key);
    CHECK(get(mirror.store, key) == kNotFound);
  }
  CHECK_THROWS_AS(mirror.store.remove("both"), Error);
}

TEST_CASE("a blob that can't be removed from the copy stays whole") {
  Mirror mirror;
  put(mirror.store, "a/1", "content");
  mirror.copy.failing = true;
  CHECK_THROWS_AS(mirror.store.remove("a/1"), Error);
  CHECK(get(mirror.store, "a/1") == "content");
}
