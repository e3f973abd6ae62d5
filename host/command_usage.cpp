#include "command_usage.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "configuration/nearest_name.hpp"
#include "exit_code.hpp"

namespace fermata::host {
namespace {

bool asks_for_help(std::span<const std::string_view> arguments) {
  return std::any_of(arguments.begin(), arguments.end(),
                     [](std::string_view word) { return word == "--help" || word == "-h"; });
}

bool is_of_a_name(char c) { return c == '-' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

/// Without what follows its name.
std::string option_at(std::string_view text) {
  return {text.begin(), std::find_if_not(text.begin(), text.end(), is_of_a_name)};
}

std::vector<std::string> options_in(std::string_view usage) {
  std::set<std::string> options;
  for (auto at = usage.find("--"); at != std::string_view::npos;) {
    const auto option = option_at(usage.substr(at));
    options.insert(option);
    at = usage.find("--", at + option.size());
  }
  return {options.begin(), options.end()};
}

/// The first one that the usage does not name; empty: there is none.
std::string_view wrong_option(std::string_view usage, std::span<const std::string_view> arguments) {
  const auto options = options_in(usage);
  for (const auto word : arguments) {
    const auto name = word.substr(0, word.find('='));
    if (name.starts_with("--") && std::find(options.begin(), options.end(), name) == options.end()) return word;
  }
  return {};
}

}  // namespace

bool needs_no_run(Command& command, std::span<const std::string_view> arguments) {
  const auto usage = command.usage();
  return !usage.empty() && (asks_for_help(arguments) || !wrong_option(usage, arguments).empty());
}

std::optional<int32_t> answer_from_usage(Command& command, std::span<const std::string_view> arguments,
                                         Console& console) {
  const auto usage = command.usage();
  if (usage.empty()) return {};
  if (asks_for_help(arguments)) {
    console.write(std::string(command.summary()) + "\n\nUsage\n" + std::string(usage) + '\n');
    return static_cast<int32_t>(ExitCode::ok);
  }
  const auto wrong = wrong_option(usage, arguments);
  if (wrong.empty()) return {};
  const std::string verb(command.name());
  console.report("fermata " + verb + " has no option \"" + std::string(wrong) + "\" (fermata " + verb +
                 " --help says more)" + hint(wrong, options_in(usage)) + '\n');
  return static_cast<int32_t>(ExitCode::usage);
}

}  // namespace fermata::host
