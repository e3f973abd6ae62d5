#include "program.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <span>
#include <utility>

#include "command_desk.hpp"
#include "commands.hpp"
#include "configuration/nearest_name.hpp"
#include "fermata/error.hpp"
#include "plugin_listing.hpp"
#include "plugin_project.hpp"
#include "service_manager.hpp"
#include "signals.hpp"

namespace fermata::host {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kLastLines{5};  // for the log, before the program ends without its plugins

/// How long a library may take to load where no configuration tells.
constexpr std::chrono::seconds kLoadLimit{10};

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
LogSettings for_terminal(LogSettings settings) {
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

std::string joined(const std::vector<std::string>& list) { return fmt::format("{}", fmt::join(list, ", ")); }

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

/// The plugins at work, and all that they use.
struct Program::Work {
  Work(Configuration settings, Assembly assembled, const LogSettings& log_settings)
      : configuration(std::move(settings)),
        assembly(std::move(assembled)),
        log(open_log(log_settings)),
        application(assembly, *log, events, configuration.start_deadline()) {}

  const Configuration configuration;
  const Assembly assembly;
  const std::unique_ptr<Log> log;
  Events events;
  std::optional<Signals> signals;
  Application application;
};

Program::Program(Options options) : options_(std::move(options)) {}
Program::~Program() = default;

int Program::run() {
  const int code = run_verb();
  if (!work_) return code;
  work_->application.stop();
  if (work_->application.stuck()) {
    std::cout.flush();
    work_->log->flush(kLastLines);
    ::_exit(code);
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
  const auto begin = Clock::now();
  ignore_broken_pipes();
  block_signals();  // before there is any thread, so that all of them leave signals to the one that waits for them
  auto& work = prepare([](LogSettings settings) { return settings; });
  auto& application = work.application;
  auto& events = work.events;
  Log& log = *work.log;
  Logger& logger = log.logger("host");
  work.signals.emplace(events, [&log, &logger] {
    logger.error("running work did not end; the program ends without it");
    log.flush(kLastLines);
    ::_exit(static_cast<int>(ExitCode::failure));
  });
  ServiceManager manager;
  try {
    application.create();
    if (application.start([&](const std::string& plugin) { manager.status("starting " + plugin); }))
      application.serve();
  } catch (const Error& e) {
    logger.error("can't start", {{"reason", e.what()}});
    manager.status(e.what());
    // A log on standard error has just told it to whoever looks there.
    if (!work.configuration.log().file.empty()) std::cerr << "fermata: " << e.what() << '\n';
    return exit_code(e);
  }

  if (!events.stop_requested()) {
    const auto plugins = std::to_string(application.running());
    const auto status = "ready, " + plugins + " plugins" +
                        (application.left_out().empty() ? "" : "; without " + joined(application.left_out()));
    const auto desk = CommandDesk::open(work.configuration.control_socket(), commands_of(application), logger);
    logger.info("ready", {{"plugins", plugins}, {"seconds", seconds_since(begin)}});
    manager.ready(status);
    wait_for_stop(events, log, manager, status);
  }
  manager.stopping();
  logger.info("stopping");
  application.drain(work.configuration.drain_deadline());
  application.stop();
  logger.info("stopped");
  return events.failure() ? ExitCode::failure : ExitCode::ok;
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
  std::optional<Configuration> configuration;
  Problems problems;
  if (options_.config) configuration = load_configuration(problems);
  refuse(problems);
  const auto* known = configuration ? &*configuration : nullptr;
  auto plugins = loader(known);
  const auto listing = host::list_plugins(plugins, known);
  std::cout << listing.table;
  for (const auto& failure : listing.failures) std::cerr << "fermata: " << failure << '\n';
  return listing.failures.empty() ? ExitCode::ok : ExitCode::unavailable;
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

Program::Work& Program::prepare(LogSettings (*log_settings)(LogSettings)) {
  Problems problems;
  auto configuration = load_configuration(problems);
  auto plugins = loader(&configuration);
  auto assembly = assemble(configuration, plugins, problems);
  refuse(problems);
  const auto log = log_settings(configuration.log());
  work_ = std::make_unique<Work>(std::move(configuration), std::move(assembly), log);
  return *work_;
}

Configuration Program::load_configuration(Problems& problems) const {
  if (!options_.config)
    throw WrongConfiguration("fermata: no configuration; name it with --config FILE or in FERMATA_CONFIG\n");
  return Configuration::from_file(*options_.config, options_.overrides, process_environment(), problems);
}

PluginLoader Program::loader(const Configuration* configuration) const {
  auto folders = options_.plugin_dirs;
  const auto add = [&](const auto& more) { folders.insert(folders.end(), more.begin(), more.end()); };
  if (configuration != nullptr) add(configuration->plugin_directories());
  add(built_in_plugin_directories());
  return {PluginDirectories(folders), configuration != nullptr ? configuration->start_deadline() : kLoadLimit};
}

Libraries Program::all_libraries() const {
  std::optional<Configuration> configuration;
  Problems problems;
  if (options_.config) configuration = load_configuration(problems);
  refuse(problems);
  auto plugins = loader(configuration ? &*configuration : nullptr);
  Libraries out;
  for (const auto& id : plugins.directories().ids()) {
    try {
      out.push_back(plugins.open(id));
    } catch (const Error& e) {
      std::cerr << "fermata: left out: " << e.what() << '\n';
    }
  }
  return out;
}

}  // namespace fermata::host
