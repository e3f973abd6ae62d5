#include "ingest/header_memory.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <map>
#include <mutex>
#include <thread>

#include "archive_fixture.hpp"
#include "refusal.hpp"

using namespace fermata;
using namespace fermata::archive;
using namespace fermata::archive::testing;
using Kind = StoreOutcome::Kind;
using Refusal = StoreOutcome::Refusal;

namespace {

constexpr std::size_t kMiB = 1 << 20;

/// An archive whose headers have 8 MiB together: four of a mebibyte, each counted twice.
struct Small : Fixture {
  Small() : Fixture(few()) {
    journal.log = [this](LogLevel level, std::string_view text, std::initializer_list<Field>) {
      const std::lock_guard lock(mutex);
      if (level == LogLevel::warning) warnings.emplace_back(text);
    };
    journal.count = [this](std::string_view counter, uint64_t by) {
      const std::lock_guard lock(mutex);
      counters[std::string(counter)] += by;
    };
    service->drain(std::chrono::seconds(1));
    start();
  }
  ~Small() { service.reset(); }  // before what it writes to
  static Settings few() {
    Settings settings;
    settings.limits.header = 4 * kMiB;
    settings.headers = 8 * kMiB;
    return settings;
  }
  uint64_t taken() { return service->ingest().headers.taken(); }

  std::mutex mutex;
  std::vector<std::string> warnings;
  std::map<std::string, uint64_t> counters;
};

std::vector<std::byte> with_large_header(int number, std::size_t bytes, char filling = 'x') {
  dicom::DataSetWriter w;
  Object object{.sop_instance = "1.2.3.4." + std::to_string(number), .pixels = 0};
  if (filling != 'x') object.character_set = "ISO_IR 100";
  w.add_encoded(object.encode());
  w.add_encoded(large_sequence(bytes, filling));
  return w.take();
}

std::unique_ptr<StoreOperation> begun(Small& archive, std::span<const std::byte> data) {
  StoreRequest request;
  request.transfer_syntax_uid = kExplicitLittle;
  auto operation = archive.service->store(request);
  operation->append(data);
  return operation;
}

}  // namespace

TEST_CASE("who goes beyond the memory for headers is refused for the moment, and others go on") {
  Small archive;
  const auto first = begun(archive, with_large_header(1, 3 * kMiB));
  CHECK(archive.taken() > 6 * kMiB);
  CHECK(archive.taken() <= 7 * kMiB);

  const auto second = begun(archive, with_large_header(2, 3 * kMiB));
  CHECK(archive.taken() <= 7 * kMiB);  // it holds nothing, although it is still there
  const auto refused = second->finish();
  CHECK(refused.refusal == Refusal::stopping);
  CHECK(refused.reason == "too many large headers at a time: send it again later");
  CHECK(archive.counters["limit_headers_total"] == 1);
  REQUIRE(archive.warnings.size() == 2);  // what is to be done, and what was refused
  CHECK_THAT(archive.warnings.front(), Catch::Contains("maximum_headers"));

  CHECK(store(*archive.service, with_large_header(3, 200'000), kExplicitLittle).kind == Kind::stored);
  CHECK(first->finish().kind == Kind::stored);
}

TEST_CASE("memory for headers is given back at the end, whatever it is") {
  Small archive;
  begun(archive, with_large_header(1, 3 * kMiB))->finish();
  CHECK(archive.taken() == 0);
  begun(archive, with_large_header(2, 3 * kMiB)).reset();
  CHECK(archive.taken() == 0);
  CHECK(begun(archive, with_large_header(3, 5 * kMiB))->finish().refusal == Refusal::too_large);
  CHECK(archive.taken() == 0);
}

TEST_CASE("one header of the largest kind has room, whatever the setting") {
  HeaderMemory memory(0, 4 * kMiB, Journal{});
  HeaderMemory::Share share(memory);
  share.grow_to(4 * kMiB);
  CHECK_THROWS_AS(HeaderMemory::Share(memory).grow_to(1), Refused);
}

TEST_CASE("a header that grows as it becomes UTF-8 is counted as it is then") {
  Small archive;
  const auto first = begun(archive, with_large_header(1, kMiB));
  auto data = with_large_header(2, 2 * kMiB - 1000, '\xe4');
  const auto second = begun(archive, data);
  CHECK(archive.taken() < 7 * kMiB);
  CHECK(second->finish().refusal == Refusal::stopping);  // now it would be four
  CHECK(first->finish().kind == Kind::stored);
}

TEST_CASE("many senders of large headers at once are bounded, and those of small ones notice nothing") {
  Small archive;
  std::atomic<uint64_t> most{0};
  std::atomic<int> stored{0};
  std::atomic<int> refused{0};
  std::atomic<int> small{0};
  std::vector<std::thread> threads;
  for (int sender = 0; sender < 12; ++sender)
    threads.emplace_back([&, sender] {
      for (int i = 0; i < 10; ++i) {
        const auto operation = begun(archive, with_large_header(100 * sender + i, kMiB));
        for (auto now = archive.taken(), seen = most.load(); now > seen && !most.compare_exchange_weak(seen, now);) {
        }
        std::this_thread::yield();
        const auto outcome = operation->finish();
        if (outcome.kind == Kind::stored) ++stored;
        if (outcome.refusal == Refusal::stopping) ++refused;
      }
    });
  for (int i = 0; i < 50; ++i)
    if (store(*archive.service, Object{.sop_instance = "1.2.9." + std::to_string(i)}.encode(), kExplicitLittle).kind ==
        Kind::stored)
      ++small;
  for (auto& thread : threads) thread.join();
  CHECK(most <= 8 * kMiB);
  CHECK(stored + refused == 120);
  CHECK(stored > 0);
  CHECK(small == 50);
  CHECK(archive.taken() == 0);
}
