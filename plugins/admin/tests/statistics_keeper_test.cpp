#include "system/statistics_keeper.hpp"

#include <catch2/catch.hpp>

#include "fermata/timestamp.hpp"
#include "scene.hpp"
#include "system/storage_report.hpp"

namespace fermata::admin {
namespace {

struct Statistics : testing::Scene {
  DescriptionStore descriptions{stores.state};
  Statistics() {
    store({});
    store({.instance = "1.2.3.4.6"});
    store({.study = "1.9", .series = "1.9.1", .instance = "1.9.1.1", .date = "20200101", .modality = "MR"});
  }
};

}  // namespace

TEST_CASE("what came in is counted by day and modality, once") {
  Statistics scene;
  StatisticsKeeper keeper(*scene.stores.service, scene.stores.state, scene.descriptions, Journal{}, now_us);
  keeper.step();
  keeper.step();
  const auto totals = keeper.totals();
  CHECK(totals.complete);
  CHECK(totals.modalities.at("CT").instances == 2);
  CHECK(totals.modalities.at("MR").instances == 1);
  CHECK(totals.present.at("CT").series == 1);
  CHECK(totals.days.at(day_of(now_us())).instances == 3);
  CHECK(totals.days.at(day_of(now_us())).bytes == scene.stores.service->statistics().bytes);
}

TEST_CASE("what came in is counted by node and modality for each day, once, also over a restart") {
  Statistics scene;
  const auto rows = [](const StatisticsKeeper& keeper) {
    std::vector<std::string> all;
    keeper.arrivals().visit("20000101", "99991231", [&](const ArrivalBook::Row& row) {
      all.push_back(std::string(row.day) + " " + std::string(row.node) + " " + std::string(row.modality) + " " +
                    std::to_string(row.amount.instances));
    });
    return all;
  };
  const auto today = day_of(now_us());
  const std::string node = "SENDER";
  {
    StatisticsKeeper keeper(*scene.stores.service, scene.stores.state, scene.descriptions, Journal{}, now_us);
    keeper.step();
    keeper.step();
    CHECK(rows(keeper) == std::vector{today + " " + node + " CT 2", today + " " + node + " MR 1"});
  }
  scene.store({.instance = "1.2.3.4.7"});
  StatisticsKeeper again(*scene.stores.service, scene.stores.state, scene.descriptions, Journal{}, now_us);
  again.step();
  CHECK(rows(again) == std::vector{today + " " + node + " CT 3", today + " " + node + " MR 1"});

  // Totals that were lost are counted anew from the beginning; the days know what they have counted.
  scene.stores.state.remove("admin.statistics", "totals", StateStore::kAny);
  StatisticsKeeper anew(*scene.stores.service, scene.stores.state, scene.descriptions, Journal{}, now_us);
  anew.step();
  CHECK(anew.totals().modalities.at("CT").instances == 3);
  CHECK(rows(anew) == std::vector{today + " " + node + " CT 3", today + " " + node + " MR 1"});
}

TEST_CASE("what comes in between others, and again as something else, is counted as what it is") {
  Statistics scene;
  StatisticsKeeper keeper(*scene.stores.service, scene.stores.state, scene.descriptions, Journal{}, now_us);
  constexpr int kEach = 20;
  for (int i = 0; i < kEach; ++i)
    for (const std::string modality : {"US", "XA"}) {
      const auto study = modality == "US" ? std::string("1.5") : std::string("1.6");
      scene.store({.study = study,
                   .series = study + ".1",
                   .instance = study + ".1." + std::to_string(i),
                   .modality = modality});
    }
  const std::string_view gone = "1.6";
  scene.stores.service->remove({.study_instance_uids = {&gone, 1}});
  scene.store({.study = "1.6", .series = "1.6.1", .instance = "1.6.1.0", .modality = "PT"});
  keeper.step();
  auto totals = keeper.totals();
  CHECK(totals.modalities.at("US").instances == kEach);
  CHECK(totals.modalities.count("XA") == 0);
  CHECK(totals.removals == kEach);

  scene.stores.service->remove({.study_instance_uids = {&gone, 1}});
  scene.store({.study = "1.6", .series = "1.6.1", .instance = "1.6.1.0", .modality = "NM"});
  keeper.step();
  totals = keeper.totals();
  CHECK(totals.modalities.at("NM").instances == 1);
}

TEST_CASE("descriptions of studies become known") {
  Statistics scene;
  scene.store({.study = "1.7", .series = "1.7.1", .instance = "1.7.1.1", .description = "MR Knie"});
  StatisticsKeeper keeper(*scene.stores.service, scene.stores.state, scene.descriptions, Journal{}, now_us);
  keeper.step();
  CHECK(scene.descriptions.with_word("knie", 9) == std::vector<std::string>{"MR Knie"});
}

TEST_CASE("totals go on after a restart, and are made anew where they are missing") {
  Statistics scene;
  {
    StatisticsKeeper keeper(*scene.stores.service, scene.stores.state, scene.descriptions, Journal{}, now_us);
    keeper.step();
  }
  scene.store({.instance = "1.2.3.4.7"});
  StatisticsKeeper again(*scene.stores.service, scene.stores.state, scene.descriptions, Journal{}, now_us);
  again.step();
  CHECK(again.totals().modalities.at("CT").instances == 3);
  fermata::testing::MemoryStateStore empty;
  StatisticsKeeper anew(*scene.stores.service, empty, scene.descriptions, Journal{}, now_us);
  anew.step();
  CHECK(anew.totals().modalities.at("CT").instances == 3);
}

TEST_CASE("what is removed is missing from the next census") {
  Statistics scene;
  int64_t now = now_us();
  StatisticsKeeper keeper(*scene.stores.service, scene.stores.state, scene.descriptions, Journal{},
                          [&] { return now; });
  keeper.step();
  const std::string_view study = "1.9";
  scene.stores.service->remove({.study_instance_uids = {&study, 1}});
  keeper.step();
  CHECK(keeper.totals().present.count("MR") == 1);
  now += int64_t{3600} * 1'000'000;
  keeper.step();
  CHECK(keeper.totals().present.count("MR") == 0);
}

TEST_CASE("totals that can't be read are made anew") {
  Statistics scene;
  scene.stores.state.put("admin.statistics", "totals", std::as_bytes(std::span("{}", 2)), StateStore::kAny);
  StatisticsKeeper keeper(*scene.stores.service, scene.stores.state, scene.descriptions, Journal{}, now_us);
  keeper.step();
  CHECK(keeper.totals().modalities.at("CT").instances == 2);
}

TEST_CASE("storage is reported with dates, shares and days") {
  Statistics scene;
  StatisticsKeeper keeper(*scene.stores.service, scene.stores.state, scene.descriptions, Journal{}, now_us);
  keeper.step();
  const auto report = StorageReport(*scene.stores.service, keeper, now_us).object();
  CHECK(report.at("studies") == 2);
  CHECK(report.at("instances") == 3);
  CHECK(report.at("newest") == "20240102");
  CHECK(report.at("oldest") == "20200101");
  REQUIRE(report.at("modalities").as_array().size() == 2);
  CHECK(report.at("modalities").at(0).at("modality") == "CT");
  CHECK(report.at("days").as_array().size() == 1);
}

}  // namespace fermata::admin
