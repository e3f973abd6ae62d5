#include "options.hpp"

#include <functional>
#include <map>
#include <stdexcept>

namespace fermata::benchmark {
namespace {

constexpr const char* kUsage =
    "usage: load KIND port=N [connections=N] [operations=N] [seconds=S] [until_broken=1] [OPTION=VALUE]...\n"
    "  store, raw   full=1|0 side=PIXELS frames=N per_study=N first_study=N title=AET\n"
    "  stow         the same and batch=N path=/dicom-web\n"
    "  find, qido   key=id|name|prefix|date|accession|inside studies=N first_study=N\n"
    "  get, wado, metadata, frame   studies=N first_study=N frames=N\n"
    "  move         the same and destination=AET destination_port=N\n"
    "  echo\n";

}  // namespace

Portion LoadOptions::portion(unsigned connection) const {
  const uint64_t objects = (operations + connections - 1) / connections * batch;
  return {first_study + connection * ((objects + per_study - 1) / per_study), per_study};
}

LoadOptions load_options(int count, char** arguments) {
  LoadOptions o;
  if (count < 2) throw std::invalid_argument(kUsage);
  o.kind = arguments[1];
  const auto number = [](auto& member) {
    return [&member](const std::string& value) {
      member = static_cast<std::remove_reference_t<decltype(member)>>(std::stoull(value));
    };
  };
  const auto text = [](std::string& member) { return [&member](const std::string& value) { member = value; }; };
  const std::map<std::string, std::function<void(const std::string&)>> known{
      {"port", number(o.port)},
      {"connections", number(o.connections)},
      {"operations", number(o.operations)},
      {"seconds", [&o](const std::string& value) { o.seconds = std::stod(value); }},
      {"until_broken", [&o](const std::string& value) { o.until_broken = value != "0"; }},
      {"full", [&o](const std::string& value) { o.shape.full = value != "0"; }},
      {"side", number(o.shape.side)},
      {"frames", number(o.shape.frames)},
      {"per_study", number(o.per_study)},
      {"first_study", number(o.first_study)},
      {"studies", number(o.studies)},
      {"key", text(o.key)},
      {"title", text(o.title)},
      {"destination", text(o.destination)},
      {"destination_port", number(o.destination_port)},
      {"batch", number(o.batch)},
      {"path", text(o.path)}};
  for (int i = 2; i < count; ++i) {
    const std::string argument = arguments[i];
    const auto equals = argument.find('=');
    const auto found = known.find(argument.substr(0, equals));
    if (equals == argument.npos || found == known.end()) throw std::invalid_argument(argument + "?\n" + kUsage);
    found->second(argument.substr(equals + 1));
  }
  if (o.port == 0 || o.connections == 0 || o.operations == 0 || o.per_study == 0 || o.studies == 0 || o.batch == 0)
    throw std::invalid_argument(kUsage);
  return o;
}

}  // namespace fermata::benchmark
