#include "program.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <span>
#include <utility>

#include "fermata/command.hpp"
#include "fermata/error.hpp"
#include "nearest_name.hpp"
#include "plugin_project.hpp"
#include "service_manager.hpp"
#include "signals.hpp"

namespace fermata::host {
namespace {

using Clock = std::chrono::steady_clock;

/// The configuration is wrong: what() is the list of all that is.
class WrongConfiguration : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class WrongUsage : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What a plugin finds wrong with its options is a wrong configuration like any other.
ExitCode exit_code(const Error& error) {
  return error.code() == Code::invalid ? ExitCode::configuration : ExitCode::unavailable;
}

std::unique_ptr<Log> open_log(const LogSettings& settings) {
  try {
    return std::make_unique<Log>(settings);
  } catch (const Error& e) {
    throw WrongConfiguration(std::string("fermata: ") + e.what() + '\n');
  }
}

/// For commands: their user is at the terminal, and the service's log file belongs to the service.
LogSettings terminal_log(LogSettings settings) {
  settings.file.clear();
  settings.format = LogFormat::text;
  if (settings.level == FERMATA_LOG_INFO) settings.level = FERMATA_LOG_WARNING;
  return settings;
}

void refuse(const Problems& problems) {
  if (!problems.empty()) throw WrongConfiguration(problems.text());
}

std::string seconds_since(Clock::time_point begin) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin).count();
  auto digits = std::to_string(ms % 1000);
  digits.insert(0, 3 - digits.size(), '0');
  return std::to_string(ms / 1000) + '.' + digits;
}

std::string joined(const std::vector<std::string>& list) {
  std::string out;
  for (const auto& item : list) out += (out.empty() ? "" : ", ") + item;
  return out;
}

std::vector<std::string> needs_text(const PluginLibrary& library) {
  std::vector<std::string> out;
  for (const auto& need : library.needs())
    out.push_back(need.service + (need.how_many == FERMATA_NEEDS_MANY       ? " (all)"
                                  : need.how_many == FERMATA_NEEDS_OPTIONAL ? " (optional)"
                                                                            : ""));
  return out;
}

using Row = std::array<std::string, 7>;

void print_table(const std::vector<Row>& rows) {
  std::array<std::size_t, std::tuple_size_v<Row>> widths{};
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      line.append(widths[i] + 2 - row[i].size(), ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    std::cout << line << '\n';
  }
}

Row plugin_row(const std::string& instance, const std::string& state, const PluginLibrary* library,
               const std::string& id) {
  if (library == nullptr) return {instance, id, "-", state, "-", "-", "-"};
  const auto or_dash = [](std::string text) { return text.empty() ? "-" : std::move(text); };
  return {instance,
          id,
          library->version(),
          state,
          or_dash(joined(library->provides())),
          or_dash(joined(needs_text(*library))),
          library->toolchain()};
}

/// All commands of running plugins, ready to be called.
std::vector<std::unique_ptr<Command>> commands_of(const Application& application) {
  std::vector<std::unique_ptr<Command>> out;
  for (const auto& service : application.services(FERMATA_COMMAND_ID))
    out.push_back(std::make_unique<bridge::Bridge<Command>::Proxy>(service.vt, service.self));
  return out;
}

/// An Error of the command is printed and becomes the exit code 1.
int32_t run_and_report(Command& command, const std::vector<std::string_view>& arguments) {
  int32_t code = 1;
  try {
    code = command.run(arguments);
  } catch (const Error& e) {
    std::cerr << "fermata " << command.name() << ": " << e.what() << '\n';
  }
  std::cout.flush();
  return code;
}

/// A command that can do without the plugins, if `verb` is one.
std::unique_ptr<Command> early_command(const Application& application, const std::string& verb,
                                       const std::vector<std::string_view>& arguments) {
  for (auto& command : commands_of(application))
    if (command->name() == verb && !command->needs_plugins(arguments)) return std::move(command);
  return nullptr;
}

/// Waits for the end, and meanwhile opens logs anew and tells the watchdog that all is well.
void wait_for_stop(Events& events, Log& log, ServiceManager& manager, const std::string& status) {
  const auto interval = manager.watchdog_interval();
  for (;;) {
    switch (events.wait_for(interval.value_or(std::chrono::hours(1)))) {
      case Events::Kind::stop:
        return;
      case Events::Kind::reopen_logs:
        manager.reloading();
        log.reopen();
        log.logger("host").info("log opened anew");
        manager.ready(status);
        break;
      case Events::Kind::none:
        break;
    }
    if (interval) manager.alive();
  }
}

}  // namespace

int Program::run() {
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
  const auto begin = Clock::now();
  ignore_broken_pipes();
  block_signals();  // before there is any thread, so that all of them leave signals to the one that waits for them
  Problems problems;
  const auto configuration = load_configuration(problems);
  const auto assembly = assemble(configuration, directories(&configuration), problems);
  refuse(problems);

  const auto log_owner = open_log(configuration.log());
  Log& log = *log_owner;
  Logger& logger = log.logger("host");
  Events events;
  const Signals signals(events, [&log, &logger] {
    logger.error("running work did not end; the program ends without it");
    log.flush(std::chrono::milliseconds(500));
    ::_exit(static_cast<int>(ExitCode::failure));
  });
  ServiceManager manager;
  Application application(assembly, log, events);
  try {
    application.create();
    if (application.start([&](const std::string& plugin) { manager.status("starting " + plugin); }))
      application.serve();
  } catch (const Error& e) {
    logger.error("can't start", {{"reason", e.what()}});
    manager.status(e.what());
    // A log on standard error has just told it to whoever looks there.
    if (!configuration.log().file.empty()) std::cerr << "fermata: " << e.what() << '\n';
    return exit_code(e);
  }

  if (!events.stop_requested()) {
    const auto plugins = std::to_string(application.running());
    const auto status = "ready, " + plugins + " plugins" +
                        (application.left_out().empty() ? "" : "; without " + joined(application.left_out()));
    logger.info("ready", {{"plugins", plugins}, {"seconds", seconds_since(begin)}});
    manager.ready(status);
    wait_for_stop(events, log, manager, status);
  }
  manager.stopping();
  logger.info("stopping");
  application.drain(configuration.drain_deadline());
  application.stop();
  logger.info("stopped");
  return events.failure() ? ExitCode::failure : ExitCode::ok;
}

ExitCode Program::check() {
  Problems problems;
  const auto configuration = load_configuration(problems);
  const auto assembly = assemble(configuration, directories(&configuration), problems);
  refuse(problems);

  Log log(terminal_log(configuration.log()));
  Events events;
  Application application(assembly, log, events);
  application.create();
  std::vector<std::string> order;
  for (const auto i : assembly.wiring.order) order.push_back(assembly.parts[i].settings.instance);
  if (!application.left_out().empty()) std::cout << "would run without " << joined(application.left_out()) << '\n';
  std::cout << "OK: " << configuration.name() << " (" << order.size() << " plugins, in the order " << joined(order)
            << ")\n";
  return ExitCode::ok;
}

ExitCode Program::list_plugins() {
  std::vector<Row> rows{{"INSTANCE", "PLUGIN", "VERSION", "STATE", "PROVIDES", "NEEDS", "BUILT BY"}};
  std::optional<Configuration> configuration;
  Problems problems;
  if (options_.config) configuration = load_configuration(problems);
  refuse(problems);
  const auto folders = directories(configuration ? &*configuration : nullptr);
  std::vector<std::string> shown;
  std::vector<std::string> failures;
  const auto show = [&](const std::string& instance, const std::string& id, const std::string& state) {
    shown.push_back(id);
    try {
      const auto path = folders.find(id);
      if (!path) throw Error(Code::not_found, "there is no plugin \"" + id + "\" in " + folders.names());
      rows.push_back(plugin_row(instance, state, PluginLibrary::open(*path, id).get(), id));
    } catch (const Error& e) {
      rows.push_back(plugin_row(instance, "broken", nullptr, id));
      failures.emplace_back(e.what());
    }
  };
  if (configuration) {
    Problems said_by_check;
    const auto assembly = assemble(*configuration, folders, said_by_check);
    for (std::size_t i = 0; i < assembly.parts.size(); ++i) {
      const auto& [settings, library, config, failure] = assembly.parts[i];
      const auto& left_out = assembly.wiring.left_out[i];
      const bool missing_service = library != nullptr && !left_out.empty();
      if (missing_service) failures.push_back("the plugin \"" + settings.instance + "\" " + left_out);
      show(settings.instance, settings.plugin,
           missing_service     ? "left out"
           : settings.required ? "enabled"
                               : "enabled, not required");
    }
    for (const auto& settings : configuration->plugins()) {
      if (settings.enabled) continue;
      rows.push_back(plugin_row(settings.instance, "disabled", nullptr, settings.plugin));
      shown.push_back(settings.plugin);
    }
  }
  for (const auto& id : folders.ids())
    if (std::find(shown.begin(), shown.end(), id) == shown.end()) show("-", id, "not configured");
  print_table(rows);
  for (const auto& failure : failures) std::cerr << "fermata: " << failure << '\n';
  return failures.empty() ? ExitCode::ok : ExitCode::unavailable;
}

ExitCode Program::list_commands() {
  options_.arguments.clear();
  return static_cast<ExitCode>(run_command());
}

ExitCode Program::write_schema() {
  std::cout << json_schema(host_schema(), all_libraries());
  return ExitCode::ok;
}

ExitCode Program::write_reference() {
  std::cout << markdown_reference(host_schema(), all_libraries());
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
  const bool list_only = options_.verb == "commands";
  const auto nearest = nearest_name(options_.verb, built_in_verbs());
  const std::string suggestion = nearest && !list_only ? "; did you mean \"" + *nearest + "\"?" : "";
  if (!options_.config)
    throw WrongUsage(list_only
                         ? "\"commands\" starts the plugins: name the configuration with --config"
                         : "unknown verb \"" + options_.verb + '"' +
                               (nearest ? suggestion : "; a plugin's verb needs --config FILE; see fermata --help"));
  ignore_broken_pipes();
  Problems problems;
  const auto configuration = load_configuration(problems);
  const auto assembly = assemble(configuration, directories(&configuration), problems);
  refuse(problems);

  Events events;
  Log log(terminal_log(configuration.log()));
  Application application(assembly, log, events);
  const std::vector<std::string_view> arguments(options_.arguments.begin(), options_.arguments.end());
  try {
    application.create();
    if (const auto early = early_command(application, options_.verb, arguments))
      return run_and_report(*early, arguments);
    application.start();
  } catch (const Error& e) {
    throw Error(e.code(), e.what() + suggestion);
  }

  const auto commands = commands_of(application);
  std::vector<std::string> names = built_in_verbs();
  for (const auto& command : commands) {
    if (list_only) std::cout << command->name() << "  " << command->summary() << '\n';
    names.emplace_back(command->name());
    if (command->name() != options_.verb) continue;
    const auto code = run_and_report(*command, arguments);
    application.stop();
    return events.failure() ? static_cast<int>(ExitCode::failure) : code;
  }
  if (!list_only) throw WrongUsage("unknown verb \"" + options_.verb + '"' + hint(options_.verb, names));
  return static_cast<int>(ExitCode::ok);
}

Configuration Program::load_configuration(Problems& problems) const {
  if (!options_.config)
    throw WrongConfiguration("fermata: no configuration; name it with --config FILE or in FERMATA_CONFIG\n");
  return Configuration::from_file(*options_.config, options_.overrides, process_environment(), problems);
}

PluginDirectories Program::directories(const Configuration* configuration) const {
  auto folders = options_.plugin_dirs;
  const auto add = [&](const auto& more) { folders.insert(folders.end(), more.begin(), more.end()); };
  if (configuration != nullptr) add(configuration->plugin_directories());
  add(built_in_plugin_directories());
  return PluginDirectories(folders);
}

Libraries Program::all_libraries() const {
  std::optional<Configuration> configuration;
  Problems problems;
  if (options_.config) configuration = load_configuration(problems);
  refuse(problems);
  const auto folders = directories(configuration ? &*configuration : nullptr);
  Libraries out;
  for (const auto& id : folders.ids()) {
    try {
      out.push_back(PluginLibrary::open(*folders.find(id), id));
    } catch (const Error& e) {
      std::cerr << "fermata: left out: " << e.what() << '\n';
    }
  }
  return out;
}

}  // namespace fermata::host
