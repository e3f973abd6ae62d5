#include "running/application.hpp"

#include <algorithm>

#include "fermata/error.hpp"

namespace fermata::host {
namespace {

using Clock = std::chrono::steady_clock;

std::chrono::milliseconds since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start);
}

}  // namespace

Application::Application(const Assembly& assembly, Log& log, Events& events, Limit limit)
    : limit_(limit), log_(log), logger_(log.logger(kHostInstance)), events_(events), status_(assembly, log) {
  registry_.publish(kHostInstance, HostStatus::kId,
                    {bridge::Bridge<HostStatus>::table(), static_cast<HostStatus*>(&status_)});
  for (std::size_t i = 0; i < assembly.parts.size(); ++i) {
    const auto& part = assembly.parts[i];
    const auto& reason = part.failure.empty() ? assembly.wiring.left_out[i] : part.failure;
    if (!reason.empty()) leave_out(part.settings.instance, reason);
  }
  for (const auto i : assembly.wiring.order) {
    const auto& part = assembly.parts[i];
    plugins_.push_back(std::make_unique<PluginInstance>(part, assembly.wiring.providers[i], registry_, events_,
                                                        log_.logger(part.settings.instance)));
    status_.add(i, *plugins_.back());
  }
}

Application::~Application() {
  stop();
  for (auto plugin = plugins_.rbegin(); plugin != plugins_.rend(); ++plugin) (*plugin)->destroy();
}

void Application::create() {
  for (auto& plugin : plugins_) attempt(*plugin, "be created", [&] { plugin->create(limit_); });
}

bool Application::start(const std::function<void(const std::string&)>& progress) {
  for (auto& plugin : plugins_) {
    if (events_.stop_requested()) return false;
    if (plugin->state() != PluginInstance::State::created) continue;
    if (progress) progress(plugin->name());
    const auto begin = Clock::now();
    attempt(*plugin, "start", [&] {
      if (const auto missing = missing_provider(*plugin); !missing.empty())
        throw Error(Code::unavailable, missing + " is missing, which it needs");
      plugin->start(limit_);
    });
    if (plugin->running())
      logger_.info("plugin started", {{"name", plugin->name()},
                                      {"version", plugin->library().version()},
                                      {"milliseconds", std::to_string(since(begin).count())}});
    else
      plugin->destroy();
  }
  return !events_.stop_requested();
}

void Application::serve() {
  for (auto& plugin : plugins_) {
    if (events_.stop_requested()) return;
    if (plugin->running()) attempt(*plugin, "serve", [&] { plugin->serve(limit_); });
  }
}

void Application::drain(std::chrono::milliseconds deadline) {
  status_.stopping();
  const auto begin = Clock::now();
  for (auto plugin = plugins_.rbegin(); plugin != plugins_.rend(); ++plugin) {
    const auto left = events_.at_once() ? std::chrono::milliseconds(0) : deadline - since(begin);
    (*plugin)->drain(std::max(left, std::chrono::milliseconds(0)));
  }
  if (since(begin) > deadline + std::chrono::seconds(1))
    logger_.warning("running work took longer than the drain deadline",
                    {{"milliseconds", std::to_string(since(begin).count())}});
}

void Application::stop() {
  for (auto plugin = plugins_.rbegin(); plugin != plugins_.rend(); ++plugin)
    if ((*plugin)->stop()) log_counters(**plugin);
}

bool Application::stuck() const {
  return std::any_of(plugins_.begin(), plugins_.end(), [](const auto& p) { return p->stuck(); });
}

std::size_t Application::running() const {
  return static_cast<std::size_t>(
      std::count_if(plugins_.begin(), plugins_.end(), [](const auto& p) { return p->running(); }));
}

std::vector<Service> Application::services(const std::string& id) const {
  std::vector<std::string> names;
  for (const auto& plugin : plugins_) names.push_back(plugin->name());
  std::vector<Service> out;
  while (const auto service = registry_.find(id, names, out.size())) out.push_back(*service);
  return out;
}

void Application::attempt(PluginInstance& plugin, const char* what, const std::function<void()>& step) {
  try {
    step();
  } catch (const Error& e) {
    if (plugin.required())
      throw Error(e.code(), "the plugin \"" + plugin.name() + "\" can't " + what + ": " + e.what());
    leave_out(plugin.name(), std::string("can't ") + what + ": " + e.what());
  }
}

void Application::leave_out(const std::string& name, const std::string& reason) {
  left_out_.push_back(name);
  status_.leave_out(name, reason);
  logger_.error("running without a plugin", {{"name", name}, {"reason", reason}});
}

/// The name of a service that the plugin can't do without and that nobody published.
std::string Application::missing_provider(const PluginInstance& plugin) const {
  for (const auto& need : plugin.library().needs()) {
    if (need.how_many != FERMATA_NEEDS_ONE) continue;
    const auto providers = plugin.providers().find(need.service);
    if (providers == plugin.providers().end() || !registry_.find(need.service, providers->second, 0))
      return need.service;
  }
  return "";
}

void Application::log_counters(const PluginInstance& plugin) {
  const auto counters = plugin.counters().snapshot();
  std::vector<std::string> values;
  values.reserve(counters.size());
  std::vector<fermata_field> fields;
  for (const auto& [name, value] : counters) {
    if (value == 0) continue;
    const auto& text = values.emplace_back(std::to_string(value));
    fields.push_back({{name.data(), name.size()}, {text.data(), text.size()}});
  }
  if (!fields.empty()) log_.logger(plugin.name()).write(FERMATA_LOG_INFO, "counters", fields);
}

}  // namespace fermata::host
