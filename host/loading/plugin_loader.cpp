#include "loading/plugin_loader.hpp"

#include <utility>

#include "configuration/nearest_name.hpp"
#include "fermata/error.hpp"

namespace fermata::host {

PluginLoader::PluginLoader(PluginDirectories directories, std::chrono::milliseconds limit)
    : directories_(std::move(directories)), limit_(limit) {}

std::shared_ptr<const PluginLibrary> PluginLoader::open(const std::string& id) {
  auto known = opened_.find(id);
  if (known == opened_.end()) known = opened_.emplace(id, try_to_open(id)).first;
  if (known->second.failure) std::rethrow_exception(known->second.failure);
  return known->second.library;
}

PluginLoader::Outcome PluginLoader::try_to_open(const std::string& id) const {
  try {
    const auto path = directories_.find(id);
    if (!path)
      throw Error(Code::not_found, "there is no plugin \"" + id + "\" in " + directories_.names() +
                                       "; install it, or correct its name" + hint(id, directories_.ids()));
    return {PluginLibrary::open(*path, id, limit_), nullptr};
  } catch (const Error&) {
    return {nullptr, std::current_exception()};
  }
}

}  // namespace fermata::host
