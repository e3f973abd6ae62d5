#include "questions.hpp"

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
    for (int i = 0; i < repeat; ++i) {
      const auto bytes = identifier(kind, kind.value(Study(random() % studies)), false);
      Query query;
      query.identifier = bytes;
      answers += ask(archive, query, took);
    }
    json += member(kind.name, took, answers) + ", ";
  }
  const int pages = std::max(1, repeat / 10);
  return json + page(archive, "first_page", 0, pages) + ", " + page(archive, "middle_page", studies / 2, pages) + ", " +
         page(archive, "last_page", studies - std::min(studies, kPage), pages);
}

}  // namespace fermata::benchmark
