#include "loading/assembly.hpp"

#include <utility>

#include "fermata/c/host_status.h"
#include "fermata/error.hpp"

namespace fermata::host {
namespace {

Part load(const PluginSettings& settings, const Configuration& configuration, PluginLoader& loader,
          Problems& problems) {
  Part part{settings, nullptr, {}, {}};
  try {
    part.library = loader.open(settings.plugin);
    part.config = configuration.plugin_config(settings, part.library->schema(), problems);
  } catch (const Error& e) {
    part.failure = e.what();
    if (settings.required) problems.add(settings.location, part.failure);
  }
  return part;
}

Participant participant(const Part& part) {
  Participant out;
  out.name = part.settings.instance;
  out.required = part.settings.required;
  out.failed = part.library == nullptr;
  out.uses = part.settings.uses;
  if (part.library) {
    out.provides = part.library->provides();
    out.needs = part.library->needs();
  }
  return out;
}

}  // namespace

std::vector<Part> load_parts(const Configuration& configuration, PluginLoader& loader, Problems& problems) {
  std::vector<Part> parts;
  for (const auto& settings : configuration.plugins())
    if (settings.enabled) parts.push_back(load(settings, configuration, loader, problems));
  return parts;
}

Assembly connect(std::vector<Part> parts, Problems& problems) {
  std::vector<Participant> participants;
  participants.reserve(parts.size());
  for (const auto& part : parts) participants.push_back(participant(part));
  Assembly out{{}, std::move(parts), wire(participants, {FERMATA_HOST_STATUS_ID})};
  for (const auto& [index, message] : out.wiring.problems) problems.add(out.parts[index].settings.location, message);
  return out;
}

Assembly assemble(const Configuration& configuration, PluginLoader& loader, Problems& problems) {
  auto assembly = connect(load_parts(configuration, loader, problems), problems);
  assembly.host = configuration.host();
  return assembly;
}

}  // namespace fermata::host
