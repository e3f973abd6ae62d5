#include "program.hpp"

#include <fmt/format.h>

#include <iostream>
#include <utility>

#include "commands.hpp"
#include "configuration/nearest_name.hpp"
#include "configuration_reference.hpp"
#include "fermata/error.hpp"
#include "plugin_listing.hpp"
#include "plugin_project.hpp"
#include "preparation.hpp"
#include "serving.hpp"
#include "signals.hpp"
#include "work.hpp"
#include "wrong_configuration.hpp"

namespace fermata::host {
namespace {

class WrongUsage : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

LogSettings as_configured(LogSettings settings) { return settings; }

/// For commands: their user is at the terminal, and the service's log file belongs to the service.
LogSettings for_terminal(LogSettings settings) {
  settings.file.clear();
  settings.format = LogFormat::text;
  if (settings.level == FERMATA_LOG_INFO) settings.level = FERMATA_LOG_WARNING;
  return settings;
}

std::string joined(const std::vector<std::string>& list) { return fmt::format("{}", fmt::join(list, ", ")); }

}  // namespace

Program::Program(Options options) : options_(std::move(options)) {}

int Program::run() {
  const int code = run_verb();
  if (!work_) return code;
  work_->application.stop();
  if (work_->application.stuck()) {
    std::cout.flush();
    work_->end_without_plugins(code);
  }
  work_.reset();
  return code;
}

int Program::run_verb() {
  try {
    const auto& verb = options_.verb;
    if (options_.help || (verb.empty() && !options_.version)) {
      (options_.help ? std::cout : std::cerr) << usage();
      return static_cast<int>(options_.help ? ExitCode::ok : ExitCode::usage);
    }
    if (options_.version) {
      std::cout << "fermata " FERMATA_VERSION " (plugin interface " << FERMATA_ABI_MAJOR << '.' << FERMATA_ABI_MINOR
                << ")\n";
      return static_cast<int>(ExitCode::ok);
    }
    if (verb == "serve") return static_cast<int>(serve());
    if (verb == "check") return static_cast<int>(check());
    if (verb == "plugins") return static_cast<int>(list_plugins());
    if (verb == "commands") return static_cast<int>(list_commands());
    if (verb == "config-schema") return static_cast<int>(write_schema());
    if (verb == "config-docs") return static_cast<int>(write_reference());
    if (verb == "new-plugin") return static_cast<int>(new_plugin());
    return run_command();
  } catch (const WrongConfiguration& e) {
    std::cerr << e.what();
    return static_cast<int>(ExitCode::configuration);
  } catch (const WrongUsage& e) {
    std::cerr << "fermata: " << e.what() << '\n';
    return static_cast<int>(ExitCode::usage);
  } catch (const Error& e) {
    std::cerr << "fermata: " << e.what() << '\n';
    return static_cast<int>(exit_code(e));
  }
}

ExitCode Program::serve() {
  const auto begin = std::chrono::steady_clock::now();
  ignore_broken_pipes();
  block_signals();  // before there is any thread, so that all of them leave signals to the one that waits for them
  return host::serve(prepare(as_configured), begin);
}

ExitCode Program::check() {
  auto& work = prepare(for_terminal);
  work.application.create();
  std::vector<std::string> order;
  for (const auto i : work.assembly.wiring.order) order.push_back(work.assembly.parts[i].settings.instance);
  const auto& left_out = work.application.left_out();
  if (!left_out.empty()) std::cout << "would run without " << joined(left_out) << '\n';
  std::cout << "OK: " << work.configuration.name() << " (" << order.size() << " plugins, in the order " << joined(order)
            << ")\n";
  return ExitCode::ok;
}

ExitCode Program::list_plugins() {
  const auto configuration = configuration_if_any(options_);
  auto plugins = plugin_loader(options_, configuration);
  const auto listing = host::list_plugins(plugins, configuration ? &*configuration : nullptr);
  std::cout << listing.table;
  for (const auto& failure : listing.failures) std::cerr << "fermata: " << failure << '\n';
  return listing.failures.empty() ? ExitCode::ok : ExitCode::unavailable;
}

ExitCode Program::list_commands() {
  options_.arguments.clear();
  return static_cast<ExitCode>(run_command());
}

ExitCode Program::write_schema() {
  std::cout << json_schema(host_schema(), all_libraries(options_));
  return ExitCode::ok;
}

ExitCode Program::write_reference() {
  std::cout << markdown_reference(host_schema(), all_libraries(options_));
  return ExitCode::ok;
}

ExitCode Program::new_plugin() {
  try {
    const auto project = PluginProject::parse(options_.arguments);
    write_plugin_project(project, built_in_templates());
    std::cout << "A plugin of the kind " << project.kind << " is in " << project.folder.string()
              << ". Its README.md says how to build, test and install it.\n";
  } catch (const Error& e) {
    if (e.code() == Code::invalid) throw WrongUsage(e.what());
    throw;
  }
  return ExitCode::ok;
}

int Program::run_command() {
  const bool listing = options_.verb == "commands";
  const auto nearest = nearest_name(options_.verb, built_in_verbs());
  const std::string suggestion = nearest && !listing ? "; did you mean \"" + *nearest + "\"?" : "";
  if (!options_.config)
    throw WrongUsage(listing
                         ? "\"commands\" asks the plugins of an archive: name its configuration with --config"
                         : "unknown verb \"" + options_.verb + '"' +
                               (nearest ? suggestion : "; a plugin's verb needs --config FILE; see fermata --help"));
  ignore_broken_pipes();
  auto& work = prepare(for_terminal);
  auto& application = work.application;
  const std::vector<std::string_view> arguments(options_.arguments.begin(), options_.arguments.end());
  try {
    application.create();
    if (const auto early = early_command(application, options_.verb, arguments)) return run_here(*early, arguments);
    if (const auto code = run_there(work.configuration.control_socket(), options_.verb, arguments)) return *code;
    application.start();
  } catch (const Error& e) {
    throw Error(e.code(), e.what() + suggestion);
  }

  const auto commands = commands_of(application);
  std::vector<std::string> names = built_in_verbs();
  for (const auto& command : commands) {
    names.emplace_back(command->name());
    if (command->name() != options_.verb) continue;
    const auto code = run_here(*command, arguments);
    application.stop();
    return work.events.failure() ? static_cast<int>(ExitCode::failure) : code;
  }
  throw WrongUsage("unknown verb \"" + options_.verb + '"' + hint(options_.verb, names));
}

Work& Program::prepare(LogChoice log_choice) {
  work_ = prepared_work(options_, log_choice);
  return *work_;
}

}  // namespace fermata::host
