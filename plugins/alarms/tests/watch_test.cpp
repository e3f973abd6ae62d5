#include "watch.hpp"

#include <catch2/catch.hpp>

#include "fermata/testing/breakable_state_store.hpp"

using namespace fermata;
using namespace fermata::alarms;

namespace {

struct Program final : HostStatus {
  struct Conditions final : ConditionCursor {
    explicit Conditions(const std::vector<Observed>& list) : list(list) {}
    bool next(Condition& condition) override {
      if (at == list.size()) return false;
      const auto& o = list[at++];
      condition = {o.plugin, o.condition, o.level, o.text, o.remedy, o.since_us};
      return true;
    }
    const std::vector<Observed>& list;
    std::size_t at = 0;
  };
  std::string_view version() override { return "1"; }
  uint64_t started_us() override { return 0; }
  std::unique_ptr<PluginStatusCursor> plugins() override { return nullptr; }
  std::unique_ptr<CounterStatusCursor> counters() override { return nullptr; }
  std::unique_ptr<ConditionCursor> conditions() override { return std::make_unique<Conditions>(list); }
  std::vector<Observed> list{{"admin", "disk", ConditionLevel::failing, "full", "make room", 0}};
};

struct GivenChannel final : Channel {
  explicit GivenChannel(std::string name) : called(std::move(name)) {}
  std::string name() const override { return called; }
  void send(const Notices& notices) override {
    if (broken) throw Error(Code::unavailable, "nobody answers");
    sent += notices.size();
  }
  const std::string called;
  bool broken = false;
  std::size_t sent = 0;
};

struct Scene {
  Scene() {
    journal.log = [this](LogLevel, std::string_view, std::initializer_list<Field>) { ++lines; };
    channels.push_back(std::make_unique<GivenChannel>("mail"));
    channels.push_back(std::make_unique<GivenChannel>("web_hook"));
  }
  GivenChannel& channel(std::size_t i) { return static_cast<GivenChannel&>(*channels[i]); }

  Program program;
  testing::BreakableStateStore store;
  Channels channels;
  Journal journal;
  int lines = 0;
};

}  // namespace

TEST_CASE("a channel that does not answer is tried again, and hinders no other") {
  Scene scene;
  Watch watch(
      scene.program, scene.store, scene.channels, {ConditionLevel::warning, 0, INT64_MAX}, [] { return int64_t{1}; },
      scene.journal);
  scene.channel(0).broken = true;
  watch.look();
  watch.look();
  CHECK(scene.channel(0).sent == 0);
  CHECK(scene.channel(1).sent == 1);
  CHECK(scene.lines == 1);  // it is logged once, not at every look
  scene.channel(0).broken = false;
  watch.look();
  watch.look();
  CHECK(scene.channel(0).sent == 1);
  CHECK(scene.channel(1).sent == 1);
}
