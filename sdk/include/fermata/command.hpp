#pragma once
#include <span>
#include <string_view>

#include "fermata/c/command.h"

namespace fermata {

/// A verb that a plugin adds to the program: `fermata <name> --config FILE [arguments]`.
///
/// *Provided by* any plugin; *used by* the host, which starts the plugins (without `serve`), runs it and stops them.
/// One that is published in the plugin's constructor already can do without: see `needs_plugins`.
/// **Thread**: the main thread. **Ownership**: `name` and `summary` stay valid until `stop`.
class Command {
 public:
  static constexpr const char* kId = FERMATA_COMMAND_ID;
  virtual ~Command() = default;
  virtual std::string_view name() = 0;     ///< lower case, words joined by "-"
  virtual std::string_view summary() = 0;  ///< one line for `fermata --help`
  /// Writes to standard output and returns the exit code; an Error is printed and becomes exit code 1.
  virtual int32_t run(std::span<const std::string_view> arguments) = 0;
  /// False: it is run at once, with no plugin started, so also while another process has the archive open, or where
  /// there is none. Asked only of a verb that was published in the constructor, and before `run`.
  virtual bool needs_plugins(std::span<const std::string_view> /*arguments*/) { return true; }
};

}  // namespace fermata

#include "fermata/bridge/command.hpp"  // IWYU pragma: export
