#pragma once
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "check_options.hpp"
#include "exchange_plugin.hpp"
#include "loading/assembly.hpp"
#include "running/application.hpp"
#include "stand_ins.hpp"

namespace fermata::plugin_check {

/// What a library says of itself, and what its configuration lets it do.
struct Described {
  std::string instance;
  std::string id;
  std::string version;
  std::string toolchain;
  std::vector<std::string> provides;
  std::vector<std::string> stood_in_for;  ///< services that it gets from the stand-ins
};

/// The plugin under test among the plugins of its configuration, as Fermata would run it, with stand-ins for what they
/// need and nobody provides.
///
/// **Thread**: the process's only one until the first `open`. **Ownership**: closes what is open. **Errors**: Error
/// invalid where library or configuration can't be used; whatever the plugins report.
class PluginScene {
 public:
  /// `folder` is what ${FERMATA_CHECK_FOLDER} means. `service`: what `take` is going to be asked for; may be empty.
  PluginScene(const CheckOptions& options, const std::filesystem::path& folder, const std::string& service);
  ~PluginScene();
  PluginScene(const PluginScene&) = delete;
  PluginScene& operator=(const PluginScene&) = delete;

  const Described& described() const { return described_; }
  bool in_memory() const { return in_memory_; }
  /// Whether what the plugin keeps may be looked for after its process was killed.
  bool survives_its_process() const;

  void create();
  void start();  ///< creates first
  void serve();
  void start_and_serve();
  void drain(std::chrono::milliseconds deadline);
  /// Drains, stops and destroys.
  void close();
  bool is_open() const { return application_ != nullptr; }

  /// The service from the plugin under test, as another plugin gets it; starts everything if nobody has.
  template <class I>
  std::unique_ptr<I> take() {
    if (!is_open()) start_and_serve();
    const auto& found = taker_->service();
    return std::make_unique<typename bridge::Bridge<I>::Proxy>(found.vt, found.self);
  }
  /// All services with this id, whoever has published them.
  std::vector<host::Service> services(const char* id) const { return application_->services(id); }
  StandIns& stand_ins() { return stand_ins_; }

 private:
  host::PluginDirectories directories(const host::Configuration& configuration) const;
  void describe(const std::vector<host::Part>& parts);
  void add_stand_ins(std::vector<host::Part>& parts);

  const std::filesystem::path library_;
  const bool in_memory_;
  StandIns stand_ins_;
  std::vector<std::unique_ptr<ExchangePlugin>> built_in_;
  ExchangePlugin* taker_ = nullptr;
  Described described_;
  host::LogSettings log_settings_;
  host::Assembly assembly_;
  std::optional<host::Log> log_;
  std::unique_ptr<host::Events> events_;
  std::unique_ptr<host::Application> application_;
};

}  // namespace fermata::plugin_check
