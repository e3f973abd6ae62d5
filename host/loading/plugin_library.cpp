#include "loading/plugin_library.hpp"

#define BOOST_DLL_USE_STD_FS
#include <dlfcn.h>

#include <boost/dll/shared_library.hpp>
#include <cstddef>
#include <system_error>

#include "configuration/problems.hpp"
#include "fermata/error.hpp"
#include "loading/library_file.hpp"
#include "loading/library_trial.hpp"

namespace fermata::host {
namespace {

std::string quoted(const std::string& name) { return "the plugin \"" + name + '"'; }

boost::dll::shared_library load(const std::filesystem::path& path, const std::string& id,
                                std::chrono::milliseconds limit) {
  if (!is_whole(path))
    throw Error(Code::io,
                quoted(id) + " can't be loaded: " + path.string() + " is cut short; install the plugin again");
  try {
    try_library(path, limit);
  } catch (const Error& e) {
    throw Error(e.code(), quoted(id) + " can't be loaded: " + e.what());
  }
  // NODELETE: threads, exit handlers and registrations of the plugin may outlive every wish to unload it.
  const auto mode = static_cast<boost::dll::load_mode::type>(boost::dll::load_mode::rtld_now |
                                                             boost::dll::load_mode::rtld_local | RTLD_NODELETE);
  try {
    return boost::dll::shared_library(std::filesystem::absolute(path), mode);
  } catch (const std::system_error& e) {
    throw Error(Code::io,
                quoted(id) + " can't be loaded: " + e.what() + "; install what is missing, or the plugin again");
  }
}

/// A plugin of a later Fermata has its entry under another name.
void check_entry_symbol(const boost::dll::shared_library& library, const std::filesystem::path& path,
                        const std::string& id) {
  if (library.has(FERMATA_PLUGIN_ENTRY_SYMBOL)) return;
  for (int major = 2; major < 10; ++major)
    if (library.has("fermata_plugin_entry_v" + std::to_string(major)))
      throw Error(Code::unsupported, quoted(id) + " is made for plugin interface " + std::to_string(major) +
                                         ", this program has interface " + std::to_string(FERMATA_ABI_MAJOR) +
                                         "; upgrade Fermata, or install the plugin's version for it");
  throw Error(Code::invalid, path.string() + " is no plugin of Fermata: it does not export " FERMATA_PLUGIN_ENTRY_SYMBOL
                                             "; remove the file, or install the plugin again");
}

void check_entry(const fermata_plugin_entry& entry, const std::string& id) {
  if (entry.abi_major != FERMATA_ABI_MAJOR)
    throw Error(Code::unsupported, quoted(id) + " is made for plugin interface " + std::to_string(entry.abi_major) +
                                       ", this program has interface " + std::to_string(FERMATA_ABI_MAJOR) +
                                       "; install the version of the plugin that belongs to this Fermata");
  if (entry.size < offsetof(fermata_plugin_entry, create) + sizeof entry.create)
    throw Error(Code::invalid, quoted(id) + " has an incomplete entry; build it again with a current SDK");
  if (entry.id == nullptr || entry.version == nullptr || entry.toolchain == nullptr || entry.schema == nullptr ||
      entry.create == nullptr || (entry.provides_count > 0 && entry.provides == nullptr) ||
      (entry.needs_count > 0 && entry.needs == nullptr))
    throw Error(Code::invalid, quoted(id) + " has an entry with gaps; build it again with a current SDK");
  if (entry.id != id)
    throw Error(Code::invalid, quoted(id) + " calls itself \"" + entry.id +
                                   "\": its library must have the name of the plugin; rename the file");
}

}  // namespace

std::shared_ptr<const PluginLibrary> PluginLibrary::open(const std::filesystem::path& path, const std::string& id,
                                                         std::chrono::milliseconds limit) {
  const auto library = load(path, id, limit);
  check_entry_symbol(library, path, id);
  return std::make_shared<PluginLibrary>(library.get<const fermata_plugin_entry>(FERMATA_PLUGIN_ENTRY_SYMBOL), id);
}

PluginLibrary::PluginLibrary(const fermata_plugin_entry& entry, const std::string& id) : entry_(entry) {
  check_entry(entry, id);
  Problems problems;
  schema_ = parse_schema(entry.schema, quoted(id) + ", schema.yaml", problems);
  if (!schema_)
    throw Error(Code::invalid,
                quoted(id) + " has a schema with mistakes; its author has to correct it:\n" + problems.text());
  for (uint64_t i = 0; i < entry.provides_count; ++i) provides_.emplace_back(entry.provides[i]);
  for (uint64_t i = 0; i < entry.needs_count; ++i)
    needs_.push_back({entry.needs[i].service_id, entry.needs[i].how_many});
}

}  // namespace fermata::host
