#include "journal_record.hpp"

#include <catch2/catch.hpp>
#include <string>

namespace {

using namespace fermata::storage_filesystem;

class WrittenSegment {
 public:
  void add(uint64_t fill, uint64_t sequence, const std::string& key, const std::string& content) {
    JournalRecord record;
    record.fill = fill;
    record.sequence = sequence;
    record.key = key;
    record.content = std::as_bytes(std::span(content));
    std::vector<std::byte> written;
    write_record(record, written);
    std::copy(written.begin(), written.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(at_));
    at_ += written.size();
  }
  void go_to(std::size_t offset) { at_ = offset; }
  void spoil(std::size_t offset) { bytes_.at(offset) ^= std::byte{1}; }

  /// "key=content" of each record that is read.
  std::vector<std::string> read() const {
    std::vector<std::string> found;
    for (const auto& record : read_records(bytes_))
      found.push_back(std::string(record.key) + "=" +
                      std::string(reinterpret_cast<const char*>(record.content.data()), record.content.size()));
    return found;
  }

 private:
  std::vector<std::byte> bytes_ = std::vector<std::byte>(4 * kJournalBlock);
  std::size_t at_ = 0;
};

using Found = std::vector<std::string>;

}  // namespace

TEST_CASE("records are read back in their order, also behind a gap up to the next block") {
  WrittenSegment segment;
  CHECK(segment.read().empty());
  segment.add(7, 1, "a/1", "one");
  segment.add(7, 2, "a/2", "");
  segment.go_to(kJournalBlock);
  segment.add(7, 3, "b", "three");
  CHECK(segment.read() == Found{"a/1=one", "a/2=", "b=three"});
}

TEST_CASE("a torn record ends a segment, wherever it is torn") {
  for (std::size_t at : {0, 4, 9, 17, 24, 28, 30, 33, 38}) {
    WrittenSegment segment;
    segment.add(7, 1, "a", "one");
    segment.go_to(kJournalBlock);
    segment.add(7, 2, "key", "content");
    segment.add(7, 3, "c", "three");
    segment.go_to(2 * kJournalBlock);
    segment.add(7, 4, "d", "four");
    segment.spoil(kJournalBlock + at);
    CHECK(segment.read() == Found{"a=one"});
  }
}

TEST_CASE("a length that leads out of the segment is no record") {
  for (std::size_t of_length = 24; of_length < 30; ++of_length) {
    WrittenSegment spoilt;
    spoilt.add(7, 1, "a", "one");
    spoilt.spoil(of_length);
    CHECK(spoilt.read().empty());
  }
}

TEST_CASE("what an earlier filling has left behind the last record is not read") {
  WrittenSegment segment;
  for (uint64_t sequence = 1; sequence <= 3; ++sequence) segment.add(7, sequence, "old", "x");
  segment.go_to(0);
  segment.add(8, 1, "new", "x");  // the same length and the same sequence
  CHECK(segment.read() == Found{"new=x"});
  segment.go_to(kJournalBlock);
  segment.add(8, 2, "next", "x");  // behind what is old
  CHECK(segment.read() == Found{"new=x", "next=x"});
}

TEST_CASE("a record that is missing ends a segment") {
  WrittenSegment segment;
  segment.add(7, 1, "a", "one");
  segment.go_to(kJournalBlock);
  segment.add(7, 3, "c", "three");
  CHECK(segment.read() == Found{"a=one"});
}
