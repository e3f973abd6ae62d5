#pragma once
#include <string>

#include "fermata/command.hpp"

namespace fermata::testing {

/// A console that keeps what a command tells it, and types what it is given.
struct RecordedConsole final : Console {
  void write(std::string_view text) override { written += text; }
  void report(std::string_view text) override { reported += text; }
  std::string_view new_password(std::string_view /*name*/) override { return typed; }
  bool gone() override { return has_gone; }

  std::string written, reported, typed;
  bool has_gone = false;
};

}  // namespace fermata::testing
