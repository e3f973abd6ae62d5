#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "fermata/command.hpp"

namespace fermata::host {

/// Whether the usage of a command says all there is to say to these arguments: they ask for help, or there is an option
/// that it does not name.
bool needs_no_run(Command& command, std::span<const std::string_view> arguments);

/// Says that, and returns the exit code; nothing where the command is to be run.
std::optional<int32_t> answer_from_usage(Command& command, std::span<const std::string_view> arguments,
                                         Console& console);

}  // namespace fermata::host
