#pragma once
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "configuration/schema.hpp"
#include "fermata/c/plugin.h"

namespace fermata::host {

/// A need as the entry of a plugin states it.
struct Need {
  std::string service;
  uint32_t how_many = FERMATA_NEEDS_ONE;
};

/// A plugin's library: opened, its entry checked, its schema read; none of its code has run but its initialisers.
///
/// **Ownership**: the library stays in the process until its end, whatever happens to this object.
/// **Errors**: Error with a sentence that names the plugin, what is wrong with it and the remedy.
class PluginLibrary {
 public:
  /// `limit`: how long its initialisers may take; what they do is tried in a process of its own first.
  static std::shared_ptr<const PluginLibrary> open(const std::filesystem::path& path, const std::string& id,
                                                   std::chrono::milliseconds limit);
  /// Without a library, for an entry that is part of the program.
  PluginLibrary(const fermata_plugin_entry& entry, const std::string& id);

  std::string id() const { return entry_.id; }
  std::string version() const { return entry_.version; }
  std::string toolchain() const { return entry_.toolchain; }
  const SchemaNode& schema() const { return *schema_; }
  const std::vector<std::string>& provides() const { return provides_; }
  const std::vector<Need>& needs() const { return needs_; }
  const fermata_plugin_entry& entry() const { return entry_; }

 private:
  const fermata_plugin_entry& entry_;
  std::unique_ptr<SchemaNode> schema_;
  std::vector<std::string> provides_;
  std::vector<Need> needs_;
};

}  // namespace fermata::host
