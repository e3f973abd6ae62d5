#include "log/recent_lines.hpp"

#include <catch2/catch.hpp>
#include <ctime>
#include <thread>

#include "fermata/c/plugin.h"

using namespace fermata::host;

TEST_CASE("lines are kept with number, time, level, instance, message and fields") {
  RecentLines lines(3);
  CHECK(lines.after(0).empty());
  const auto before = std::time(nullptr);
  lines.add(FERMATA_LOG_WARNING, "dimse", "refused", "ae_title=HOROS");
  const auto all = lines.after(0);
  REQUIRE(all.size() == 1);
  CHECK(all[0].number == 1);
  CHECK(all[0].level == FERMATA_LOG_WARNING);
  CHECK(all[0].time_us / 1'000'000 >= before);
  CHECK(all[0].instance == "dimse");
  CHECK(all[0].message == "refused");
  CHECK(all[0].fields == "ae_title=HOROS");
}

TEST_CASE("of more lines than are kept the latest are there, in their order") {
  RecentLines lines(3);
  for (int i = 1; i <= 8; ++i) lines.add(FERMATA_LOG_INFO, "x", std::to_string(i), "");
  const auto messages = [&](uint64_t after) {
    std::string out;
    for (const auto& line : lines.after(after)) {
      CHECK(std::to_string(line.number) == line.message);
      out += line.message;
    }
    return out;
  };
  CHECK(messages(0) == "678");
  CHECK(messages(6) == "78");
  CHECK(messages(8).empty());
  CHECK(messages(100).empty());
}

TEST_CASE("long texts are cut between two characters") {
  RecentLines lines(1);
  lines.add(FERMATA_LOG_INFO, "x", std::string(4095, 'a') + "\xc3\xa4", std::string(5000, 'b'));
  CHECK(lines.after(0)[0].message == std::string(4095, 'a'));
  CHECK(lines.after(0)[0].fields.size() == 4096);
}

TEST_CASE("lines are added and read on several threads") {
  RecentLines lines(50);
  std::thread writers[2];
  for (auto& writer : writers)
    writer = std::thread([&] {
      for (int i = 0; i < 1000; ++i) lines.add(FERMATA_LOG_INFO, "x", "message", "a=b");
    });
  for (int i = 0; i < 100; ++i) {
    const auto all = lines.after(0);
    for (std::size_t k = 1; k < all.size(); ++k) REQUIRE(all[k].number == all[k - 1].number + 1);
  }
  for (auto& writer : writers) writer.join();
  CHECK(lines.after(0).back().number == 2000);
}
