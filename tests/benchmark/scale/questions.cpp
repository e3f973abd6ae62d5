#include "questions.hpp"

#include <rocksdb/perf_context.h>
#include <rocksdb/perf_level.h>
#include <time.h>

#include <algorithm>
#include <random>

#include "latencies.hpp"
#include "study_query.hpp"

namespace fermata::benchmark {
namespace {

constexpr uint64_t kPage = 50;

/// The number of answers.
uint64_t ask(Archive& archive, const Query& query, Latencies& took) {
  const auto begin = Clock::now();
  const auto cursor = archive.find(query);
  std::span<const std::byte> answer;
  uint64_t answers = 0;
  while (cursor->next(answer)) ++answers;
  took.add(microseconds_since(begin));
  return answers;
}

double processor_microseconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e6 * static_cast<double>(now.tv_sec) + 1e-3 * static_cast<double>(now.tv_nsec);
}

/// What the questions of one kind cost RocksDB, whatever else the machine does: counted where time is not measured.
class Counted {
 public:
  Counted() {
    rocksdb::SetPerfLevel(rocksdb::PerfLevel::kEnableCount);
    rocksdb::get_perf_context()->Reset();
  }
  ~Counted() { rocksdb::SetPerfLevel(rocksdb::PerfLevel::kDisable); }
  std::string json(int questions) const {
    const auto& counts = *rocksdb::get_perf_context();
    const auto each = [&](uint64_t n) { return std::to_string(static_cast<double>(n) / questions); };
    return "\"cached_blocks\": " + each(counts.block_cache_hit_count) +
           ", \"read_blocks\": " + each(counts.block_read_count) + ", \"read_bytes\": " + each(counts.block_read_byte) +
           ", \"comparisons\": " + each(counts.user_key_comparison_count) +
           ", \"filters_said_no\": " + each(counts.bloom_sst_miss_count);
  }
};

std::string member(const std::string& name, Latencies& took, uint64_t answers) {
  return "\"" + name + "\": {" + took.json() +
         ", \"answers\": " + std::to_string(static_cast<double>(answers) / static_cast<double>(took.count())) + "}";
}

std::string page(Archive& archive, const char* name, uint64_t offset, int repeat) {
  const auto all = identifier_of_all();
  Query query;
  query.identifier = all;
  query.order = Query::Order::newest_first;
  query.limit = kPage;
  Latencies took;
  uint64_t answers = 0;
  for (int i = 0; i < repeat; ++i) {
    query.offset = offset + static_cast<uint64_t>(i);
    answers += ask(archive, query, took);
  }
  return member(name, took, answers);
}

}  // namespace

std::string answers_json(Archive& archive, uint64_t studies, int repeat) {
  std::string json;
  std::mt19937_64 random(4711);
  for (const auto& kind : study_queries()) {
    Latencies took;
    uint64_t answers = 0;
    const auto ask_one = [&](Latencies& latencies) {
      const auto bytes = identifier(kind, kind.value(Study(random() % studies)), false);
      Query query;
      query.identifier = bytes;
      return ask(archive, query, latencies);
    };
    const double before = processor_microseconds();
    for (int i = 0; i < repeat; ++i) answers += ask_one(took);
    const double processor = (processor_microseconds() - before) / repeat;
    const Counted counted;
    const int questions = std::max(1, repeat / 10);
    for (int i = 0; i < questions; ++i) {
      Latencies ignored;
      ask_one(ignored);
    }
    json += std::string(1, '"').append(kind.name) + "\": {" + took.json() +
            ", \"answers\": " + std::to_string(static_cast<double>(answers) / static_cast<double>(took.count())) +
            ", \"cpu_us\": " + std::to_string(processor) + ", " + counted.json(questions) + "}, ";
  }
  const int pages = std::max(1, repeat / 10);
  return json + page(archive, "first_page", 0, pages) + ", " + page(archive, "middle_page", studies / 2, pages) + ", " +
         page(archive, "last_page", studies - std::min(studies, kPage), pages);
}

}  // namespace fermata::benchmark
