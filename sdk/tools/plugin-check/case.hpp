#pragma once
#include <functional>
#include <string>
#include <vector>

#include "plugin_scene.hpp"

namespace fermata::plugin_check {

/// One thing to try, in a process of its own. `run` speaks Catch2.
struct Case {
  std::string suite;
  std::string name;
  std::string service;  ///< what the scene takes from the plugin; empty: nothing
  std::function<void(PluginScene&)> run;
  bool large = false;

  std::string title() const { return suite + ": " + name; }
};

/// The cases that fit what a plugin provides and needs.
std::vector<Case> cases_for(const Described& plugin);

// One function for each suite, so that each is compiled by itself.
void add_life(std::vector<Case>& to);
void add_blob_store(std::vector<Case>& to);
void add_index(std::vector<Case>& to);
void add_state_store(std::vector<Case>& to);
void add_ingest_hook(std::vector<Case>& to);
void add_commands(std::vector<Case>& to);
void add_dimse_services(std::vector<Case>& to);
void add_http_routes(std::vector<Case>& to);

}  // namespace fermata::plugin_check
