#include "plugin_scene.hpp"

#include <algorithm>
#include <utility>

#include "fermata/error.hpp"

namespace fermata::plugin_check {
namespace {

constexpr std::chrono::seconds kPatience{5};

std::string id_of(const std::filesystem::path& library) {
  const auto name = library.stem().string();
  return name.starts_with("lib") ? name.substr(3) : name;
}

host::Environment with_folder(const std::filesystem::path& folder) {
  return [folder](const std::string& name) -> std::optional<std::string> {
    if (name == "FERMATA_CHECK_FOLDER") return folder.string();
    return host::process_environment()(name);
  };
}

host::Configuration configuration(const CheckOptions& options, const std::filesystem::path& folder,
                                  host::Problems& problems) {
  const auto environment = with_folder(folder);
  if (options.config) return host::Configuration::from_file(*options.config, {}, environment, problems);
  return host::Configuration::from_text("plugins: {" + id_of(options.library) + ": }", "without --config", {},
                                        environment, problems);
}

/// A case's output is for people, and belongs to the case.
host::LogSettings log_settings(const host::Configuration& configuration) {
  auto settings = configuration.log();
  settings.file.clear();
  settings.format = host::LogFormat::text;
  if (settings.level == FERMATA_LOG_INFO) settings.level = FERMATA_LOG_WARNING;
  return settings;
}

bool provides(const host::Part& part, const std::string& service) {
  if (part.library == nullptr) return false;
  const auto& list = part.library->provides();
  return std::find(list.begin(), list.end(), service) != list.end();
}

}  // namespace

PluginScene::PluginScene(const CheckOptions& options, const std::filesystem::path& folder, const std::string& service)
    : library_(std::filesystem::absolute(options.library)), in_memory_(options.in_memory) {
  if (!std::filesystem::is_regular_file(library_))
    throw Error(Code::invalid, "there is no library " + library_.string());
  host::Problems problems;
  const auto config = configuration(options, folder, problems);
  host::PluginLoader loader(directories(config), config.start_deadline());
  auto parts = host::load_parts(config, loader, problems);
  if (problems.empty()) {
    describe(parts);
    add_stand_ins(parts);
    if (!service.empty()) {
      built_in_.push_back(ExchangePlugin::taking("plugin check", service, described_.instance));
      taker_ = built_in_.back().get();
      parts.push_back(taker_->part());
    }
    assembly_ = host::connect(std::move(parts), problems);
  }
  if (!problems.empty()) throw Error(Code::invalid, problems.text());
  log_settings_ = log_settings(config);
}

PluginScene::~PluginScene() { close(); }

host::PluginDirectories PluginScene::directories(const host::Configuration& configuration) const {
  std::vector<std::filesystem::path> folders{library_.parent_path()};
  for (const auto& list : {configuration.plugin_directories(), host::built_in_plugin_directories()})
    folders.insert(folders.end(), list.begin(), list.end());
  return host::PluginDirectories(folders);
}

void PluginScene::describe(const std::vector<host::Part>& parts) {
  const auto id = id_of(library_);
  const auto own =
      std::find_if(parts.begin(), parts.end(), [&](const auto& part) { return part.settings.plugin == id; });
  if (own == parts.end())
    throw Error(Code::invalid, "the configuration does not use the plugin \"" + id + "\": add it under \"plugins:\"");
  if (own->library == nullptr) throw Error(Code::invalid, own->failure);
  described_ = {own->settings.instance,   id, own->library->version(), own->library->toolchain(),
                own->library->provides(), {}};
}

void PluginScene::add_stand_ins(std::vector<host::Part>& parts) {
  std::vector<std::string> wanted;
  for (const auto& part : parts) {
    if (part.library == nullptr) continue;
    for (const auto& need : part.library->needs()) {
      const bool provided = std::any_of(parts.begin(), parts.end(), [&](const host::Part& other) {
        return &other != &part && provides(other, need.service);
      });
      if (!provided && need.how_many == FERMATA_NEEDS_ONE) wanted.push_back(need.service);
    }
  }
  for (const auto& id : wanted) {
    const auto& done = described_.stood_in_for;
    const auto service = stand_ins_.service(id);
    if (!service || std::find(done.begin(), done.end(), id) != done.end()) continue;
    built_in_.push_back(ExchangePlugin::offering("stand-in " + id, *service));
    parts.push_back(built_in_.back()->part());
    described_.stood_in_for.push_back(id);
  }
}

bool PluginScene::survives_its_process() const {
  const auto& list = described_.stood_in_for;
  return !in_memory_ && std::none_of(list.begin(), list.end(), StandIns::holds_content);
}

void PluginScene::create() {
  log_.emplace(log_settings_);
  events_ = std::make_unique<host::Events>();
  application_ = std::make_unique<host::Application>(assembly_, *log_, *events_);
  application_->create();
}

void PluginScene::start() {
  create();
  application_->start();
}

void PluginScene::serve() { application_->serve(); }

void PluginScene::start_and_serve() {
  start();
  serve();
}

void PluginScene::drain(std::chrono::milliseconds deadline) { application_->drain(deadline); }

void PluginScene::close() {
  if (application_ == nullptr) return;
  application_->drain(kPatience);
  application_->stop();
  stand_ins_.plugin_stopped();
  application_.reset();
  log_.reset();
  events_.reset();
}

}  // namespace fermata::plugin_check
