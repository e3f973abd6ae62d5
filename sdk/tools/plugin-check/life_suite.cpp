#include <catch2/catch.hpp>

#include "case.hpp"

namespace fermata::plugin_check {
namespace {

using Clock = std::chrono::steady_clock;

void created_and_destroyed(PluginScene& scene) { scene.create(); }

void started_and_stopped(PluginScene& scene) { scene.start(); }

void served_and_drained(PluginScene& scene) {
  scene.start_and_serve();
  scene.drain(std::chrono::seconds(5));
}

/// On the same data, in the same process.
void started_again(PluginScene& scene) {
  for (int i = 0; i < 3; ++i) {
    scene.start_and_serve();
    scene.close();
  }
  SUCCEED();
}

void drained_at_once(PluginScene& scene) {
  scene.start_and_serve();
  const auto begin = Clock::now();
  scene.drain(std::chrono::milliseconds(0));
  CHECK(Clock::now() - begin < std::chrono::seconds(5));
}

}  // namespace

void add_life(std::vector<Case>& to) {
  const auto add = [&](const char* name, void (*run)(PluginScene&)) { to.push_back({"life", name, "", run}); };
  add("created and destroyed without a start", created_and_destroyed);
  add("started and stopped without serving", started_and_stopped);
  add("served and drained", served_and_drained);
  add("started again after it was stopped", started_again);
  add("drained at once when there is no time", drained_at_once);
}

}  // namespace fermata::plugin_check
