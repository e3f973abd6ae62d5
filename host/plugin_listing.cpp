#include "plugin_listing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "fermata/error.hpp"
#include "loading/assembly.hpp"

namespace fermata::host {
namespace {

using Row = std::array<std::string, 7>;

std::string or_dash(const std::vector<std::string>& list) {
  return list.empty() ? "-" : fmt::format("{}", fmt::join(list, ", "));
}

std::vector<std::string> needs_text(const PluginLibrary& library) {
  std::vector<std::string> out;
  for (const auto& need : library.needs())
    out.push_back(need.service + (need.how_many == FERMATA_NEEDS_MANY       ? " (all)"
                                  : need.how_many == FERMATA_NEEDS_OPTIONAL ? " (optional)"
                                                                            : ""));
  return out;
}

std::string table_text(const std::vector<Row>& rows) {
  std::array<std::size_t, std::tuple_size_v<Row>> widths{};
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      line.append(widths[i] + 2 - row[i].size(), ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  return text;
}

/// The rows of a listing as they come together.
class Rows {
 public:
  explicit Rows(PluginLoader& loader) : loader_(loader) {}

  void add(const std::string& instance, const std::string& id, const std::string& state) {
    shown_.push_back(id);
    try {
      const auto library = loader_.open(id);
      rows_.push_back({instance, id, library->version(), state, or_dash(library->provides()),
                       or_dash(needs_text(*library)), library->toolchain()});
    } catch (const Error& e) {
      add_unopened(instance, id, "broken");
      failures_.emplace_back(e.what());
    }
  }
  void add_unopened(const std::string& instance, const std::string& id, const std::string& state) {
    rows_.push_back({instance, id, "-", state, "-", "-", "-"});
    shown_.push_back(id);
  }
  void add_failure(std::string failure) { failures_.push_back(std::move(failure)); }
  bool has(const std::string& id) const { return std::find(shown_.begin(), shown_.end(), id) != shown_.end(); }
  PluginListing listing() const { return {table_text(rows_), failures_}; }

 private:
  PluginLoader& loader_;
  std::vector<Row> rows_{{"INSTANCE", "PLUGIN", "VERSION", "STATE", "PROVIDES", "NEEDS", "BUILT BY"}};
  std::vector<std::string> shown_;
  std::vector<std::string> failures_;
};

void add_configured(Rows& rows, PluginLoader& loader, const Configuration& configuration) {
  Problems said_by_check;
  const auto assembly = assemble(configuration, loader, said_by_check);
  for (std::size_t i = 0; i < assembly.parts.size(); ++i) {
    const auto& [settings, library, config, failure] = assembly.parts[i];
    const auto& left_out = assembly.wiring.left_out[i];
    const bool missing_service = library != nullptr && !left_out.empty();
    if (missing_service) rows.add_failure("the plugin \"" + settings.instance + "\" " + left_out);
    rows.add(settings.instance, settings.plugin,
             missing_service     ? "left out"
             : settings.required ? "enabled"
                                 : "enabled, not required");
  }
  for (const auto& settings : configuration.plugins())
    if (!settings.enabled) rows.add_unopened(settings.instance, settings.plugin, "disabled");
}

}  // namespace

PluginListing list_plugins(PluginLoader& loader, const Configuration* configuration) {
  Rows rows(loader);
  if (configuration != nullptr) add_configured(rows, loader, *configuration);
  for (const auto& id : loader.directories().ids())
    if (!rows.has(id)) rows.add("-", id, "not configured");
  return rows.listing();
}

}  // namespace fermata::host
