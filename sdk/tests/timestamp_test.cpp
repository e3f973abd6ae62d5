#include "fermata/timestamp.hpp"

#include <catch2/catch.hpp>

TEST_CASE("a time is written in UTC for people and for programs") {
  constexpr int64_t kNoon = 1'706'702'400'000'000;
  CHECK(fermata::utc_text(kNoon + 999'999) == "2024-01-31 12:00:00Z");
  CHECK(fermata::rfc3339(kNoon) == "2024-01-31T12:00:00Z");
  CHECK(fermata::utc_text(kNoon, "%Y%m%d") == "20240131");
  CHECK(fermata::rfc3339(0) == "1970-01-01T00:00:00Z");
}

TEST_CASE("now is in microseconds since 1970") {
  const auto before = std::time(nullptr);
  const auto now = fermata::now_us();
  CHECK(now / 1'000'000 >= before);
  CHECK(now / 1'000'000 <= std::time(nullptr));
}
