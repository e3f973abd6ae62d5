#include <catch2/catch.hpp>

#include <algorithm>

#include "case.hpp"
#include "fermata/command.hpp"
#include "options.hpp"

namespace fermata::plugin_check {
namespace {

std::vector<std::unique_ptr<Command>> commands(PluginScene& scene) {
  scene.start();
  std::vector<std::unique_ptr<Command>> out;
  for (const auto& service : scene.services(Command::kId))
    out.push_back(std::make_unique<bridge::Bridge<Command>::Proxy>(service.vt, service.self));
  return out;
}

void named(PluginScene& scene) {
  const auto list = commands(scene);
  CHECK(!list.empty());
  auto names = host::built_in_verbs();
  for (const auto& command : list) {
    const std::string name(command->name());
    INFO(name);
    CHECK(!name.empty());
    CHECK(name.front() != '-');
    CHECK(std::all_of(name.begin(), name.end(),
                      [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }));
    CHECK(std::count(names.begin(), names.end(), name) == 0);
    names.push_back(name);
  }
}

/// One line in a list of verbs.
void summarised(PluginScene& scene) {
  for (const auto& command : commands(scene)) {
    const std::string summary(command->summary());
    INFO(command->name());
    CHECK(summary.size() >= 5);
    CHECK(summary.size() <= 100);
    CHECK(summary.find('\n') == std::string::npos);
  }
}

}  // namespace

void add_commands(std::vector<Case>& to) {
  to.push_back({"command", "names are words of their own", "", named});
  to.push_back({"command", "summaries are one line", "", summarised});
}

}  // namespace fermata::plugin_check
