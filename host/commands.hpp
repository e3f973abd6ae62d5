#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/command.hpp"
#include "running/application.hpp"

namespace fermata::host {

using Arguments = std::vector<std::string_view>;

/// All commands of running plugins, ready to be called, and the one that lists them.
std::vector<std::unique_ptr<Command>> commands_of(const Application& application);

/// A command that can do without the plugins, if `verb` is one.
std::unique_ptr<Command> early_command(const Application& application, const std::string& verb,
                                       const Arguments& arguments);

/// Runs it for the user of this program's terminal. An Error of the command is printed and becomes the exit code 1.
int32_t run_here(Command& command, const Arguments& arguments);

/// The same, but by the program that serves; nothing if there is none, or none that can run it.
std::optional<int32_t> run_there(const std::filesystem::path& socket, const std::string& verb,
                                 const Arguments& arguments);

}  // namespace fermata::host
