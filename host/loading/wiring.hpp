#pragma once
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "loading/plugin_library.hpp"

namespace fermata::host {

/// The provider of services that the program itself offers; no plugin has this name.
inline constexpr const char* kHostInstance = "host";

/// A plugin instance as far as its connections go.
struct Participant {
  std::string name;
  bool required = true;
  bool failed = false;  ///< could not be loaded: provides nothing
  std::vector<std::string> provides;
  std::vector<Need> needs;
  std::map<std::string, std::string> uses;
};

/// Who gets which service from whom, and the order to start in.
struct Wiring {
  struct Problem {
    std::size_t participant;
    std::string message;
  };
  /// For each participant: service -> the instances it gets it from, by name.
  std::vector<std::map<std::string, std::vector<std::string>>> providers;
  /// For each participant: why it can't run although the program goes on without it; empty if it can.
  std::vector<std::string> left_out;
  /// Participants that run, each after all that it takes services from, but for those that it takes late.
  std::vector<std::size_t> order;
  std::vector<Problem> problems;
};

/// Connects needs with what is provided; `of_host` are the services that the program itself offers. Missing services, a
/// choice that nobody made and circles become problems, or, for plugins that are not required, a reason to leave them
/// out.
Wiring wire(const std::vector<Participant>& participants, const std::vector<std::string>& of_host = {});

}  // namespace fermata::host
