#pragma once
#include <memory>
#include <string>
#include <vector>

#include "configuration/schema.hpp"
#include "loading/plugin_library.hpp"

namespace fermata::host {

using Libraries = std::vector<std::shared_ptr<const PluginLibrary>>;

/// One JSON Schema (draft 2020-12) of the whole configuration file, made of the host's schema and those of the plugins.
std::string json_schema(const SchemaNode& host, const Libraries& plugins);

/// All options as Markdown: one section for the host, one for each plugin.
std::string markdown_reference(const SchemaNode& host, const Libraries& plugins);

}  // namespace fermata::host
