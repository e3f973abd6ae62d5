#include "options.hpp"

#include <stdexcept>

namespace fermata::benchmark {
namespace {

constexpr const char* kUsage =
    "usage: scale-run folder=PATH [instances=N] [per_study=N] [threads=N] [window=N] [cache_mib=N]\n"
    "                 [background_threads=N] [repeat=N] [set:FAMILY.OPTION=VALUE] [set:OPTION=VALUE]...\n";

}  // namespace

ScaleOptions scale_options(int count, char** arguments) {
  ScaleOptions o;
  for (int i = 1; i < count; ++i) {
    const std::string argument = arguments[i];
    const auto equals = argument.find('=');
    const std::string name = argument.substr(0, equals);
    const std::string value = equals == argument.npos ? std::string() : argument.substr(equals + 1);
    if (value.empty()) throw std::invalid_argument(kUsage);
    const auto number = [&] { return std::stoull(value); };
    if (name == "folder")
      o.folder = value;
    else if (name == "instances")
      o.instances = number();
    else if (name == "per_study")
      o.per_study = number();
    else if (name == "threads")
      o.threads = static_cast<unsigned>(number());
    else if (name == "window")
      o.window = number();
    else if (name == "cache_mib")
      o.cache_mib = number();
    else if (name == "background_threads")
      o.background_threads = static_cast<int>(number());
    else if (name == "repeat")
      o.repeat = static_cast<int>(number());
    else if (name.starts_with("set:"))
      o.settings.emplace_back(name.substr(4), value);
    else
      throw std::invalid_argument(kUsage);
  }
  if (o.folder.empty() || o.per_study == 0 || o.threads == 0 || o.window == 0) throw std::invalid_argument(kUsage);
  return o;
}

}  // namespace fermata::benchmark
