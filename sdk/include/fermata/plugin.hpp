#pragma once
#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fermata/bridge/bridge.hpp"
#include "fermata/c/plugin.h"
#include "fermata/config.hpp"

namespace fermata {

/// A plugin: reads its configuration in the constructor, and does everything else from `start` on.
///
/// **Thread**: the host calls from one, for this plugin alone. **Ownership**: the host ends it. **Errors**: an
/// exception from the constructor, `start` or `serve` ends the host, or switches off a plugin that is not required.
class Plugin {
 public:
  virtual ~Plugin() = default;
  virtual void start() {}                           ///< open, look up what is needed, publish what is provided
  virtual void serve() {}                           ///< everything is started: accept work
  virtual void drain(std::chrono::milliseconds) {}  ///< accept nothing new, finish what runs, within this time
  virtual void stop() noexcept {}                   ///< let go of what `start` took
};

enum class LogLevel : int32_t {
  trace = FERMATA_LOG_TRACE,
  debug = FERMATA_LOG_DEBUG,  ///< the lowest level at which patient data may be written
  info = FERMATA_LOG_INFO,
  warning = FERMATA_LOG_WARNING,
  error = FERMATA_LOG_ERROR,
};

enum class ConditionLevel : uint32_t {
  fine = FERMATA_CONDITION_FINE,
  warning = FERMATA_CONDITION_WARNING,  ///< somebody should see to it in the next days
  failing = FERMATA_CONDITION_FAILING,  ///< something does not work
};

/// A named value of a log line.
struct Field {
  std::string_view name;
  std::string value;
};

/// A service, and the name that the configuration gives to the plugin which provides it.
template <class I>
struct Named {
  std::string plugin;  ///< empty: the host is too old to say it
  std::unique_ptr<I> service;
};

/// What the host offers to a plugin. Copies are cheap. **Thread**: any, except `publish` (in `start`; a Command in the
/// constructor, too).
class Host {
 public:
  explicit Host(const fermata_host* host)
      : host_(host), kept_(std::make_shared<std::vector<std::shared_ptr<void>>>()) {}

  void log(LogLevel level, std::string_view message, std::initializer_list<Field> fields = {}) const {
    if (!logs(level)) return;
    std::vector<fermata_field> list;
    list.reserve(fields.size());
    for (const auto& f : fields) list.push_back({bridge::str(f.name), bridge::str(f.value)});
    host_->log(host_->self, static_cast<int32_t>(level), bridge::str(message), list.data(), list.size());
  }
  void debug(std::string_view m, std::initializer_list<Field> f = {}) const { log(LogLevel::debug, m, f); }
  void info(std::string_view m, std::initializer_list<Field> f = {}) const { log(LogLevel::info, m, f); }
  void warning(std::string_view m, std::initializer_list<Field> f = {}) const { log(LogLevel::warning, m, f); }
  void error(std::string_view m, std::initializer_list<Field> f = {}) const { log(LogLevel::error, m, f); }
  bool logs(LogLevel level) const { return host_->log_enabled(host_->self, static_cast<int32_t>(level)) != 0; }

  /// Offers `service` under its interface's id. It must stay usable until `stop`.
  template <class I>
  void publish(I& service) const {
    void* self = &service;
    if constexpr (requires { typename bridge::Bridge<I>::Published; }) {
      auto kept = std::make_shared<typename bridge::Bridge<I>::Published>(service);
      self = kept.get();
      kept_->push_back(std::move(kept));
    }
    const fermata_service entry{I::kId, bridge::Bridge<I>::table(), self};
    fermata_error error{};
    if (host_->publish(host_->self, &entry, &error) != FERMATA_OK)
      throw Error(static_cast<Code>(error.code), error.message);
  }

  /// All providers of a service that the plugin lists among its needs.
  template <class I>
  std::vector<std::unique_ptr<I>> all() const {
    std::vector<std::unique_ptr<I>> found;
    for (;;) {
      fermata_service entry{};
      fermata_error error{};
      const int32_t code = host_->lookup(host_->self, bridge::str(I::kId), found.size(), &entry, &error);
      if (code == FERMATA_NOT_FOUND) return found;
      if (code != FERMATA_OK) throw Error(static_cast<Code>(error.code), error.message);
      found.push_back(std::make_unique<typename bridge::Bridge<I>::Proxy>(entry.vt, entry.self));
    }
  }
  /// The same with their names, for those who have to say which one is meant.
  template <class I>
  std::vector<Named<I>> all_named() const {
    std::vector<Named<I>> found;
    for (auto& service : all<I>()) {
      auto name = provider(I::kId, found.size());
      found.push_back({std::move(name), std::move(service)});
    }
    return found;
  }
  /// The one provider, or null where the need is optional and nobody provides it.
  template <class I>
  std::unique_ptr<I> one() const {
    auto found = all<I>();
    return found.empty() ? nullptr : std::move(found.front());
  }

  void count(std::string_view counter, uint64_t increment = 1) const {
    host_->count(host_->self, bridge::str(counter), increment);
  }
  /// Sets a value that goes up and down; it appears in the metrics. Nothing happens in a host that is too old for it.
  void gauge(std::string_view name, double value) const {
    if (has(offsetof(fermata_host, gauge))) host_->gauge(host_->self, bridge::str(name), value);
  }
  /// How it is with something that this plugin answers for: it is shown in health, alarms and metrics until it is fine.
  /// `name` is for programs ("disk-nearly-full"); `text` and `remedy` are sentences without patient data.
  void condition(std::string_view name, ConditionLevel level, std::string_view text = {},
                 std::string_view remedy = {}) const {
    if (has(offsetof(fermata_host, condition)))
      host_->condition(host_->self, bridge::str(name), static_cast<uint32_t>(level), bridge::str(text),
                       bridge::str(remedy));
  }
  void fail(std::string_view reason) const { host_->fail(host_->self, bridge::str(reason)); }

 private:
  bool has(std::size_t function) const { return host_->size >= function + sizeof(void*); }
  std::string provider(const char* id, uint64_t number) const {
    constexpr auto kEnd = offsetof(fermata_host, provider) + sizeof(host_->provider);
    if (host_->size < kEnd || host_->provider == nullptr) return {};
    fermata_str name{};
    fermata_error error{};
    const int32_t code = host_->provider(host_->self, bridge::str(id), number, &name, &error);
    if (code != FERMATA_OK) throw Error(static_cast<Code>(error.code), error.message);
    return std::string(bridge::view(name));
  }

  const fermata_host* host_;
  std::shared_ptr<std::vector<std::shared_ptr<void>>> kept_;
};

/// What a plugin needs, as `using Needs = fermata::Needs<One<BlobStore>, Many<IngestHook>>;` in its class.
template <class I>
struct Optional {
  static constexpr fermata_need need{I::kId, FERMATA_NEEDS_OPTIONAL, 0};
};
template <class I>
struct One {
  static constexpr fermata_need need{I::kId, FERMATA_NEEDS_ONE, 0};
};
template <class I>
struct Many {
  static constexpr fermata_need need{I::kId, FERMATA_NEEDS_MANY, 0};
};
/// None or one, which may start after us and even need us: look it up in `serve`.
template <class I>
struct Late {
  static constexpr fermata_need need{I::kId, FERMATA_NEEDS_LATE, 0};
};
template <class... N>
struct Needs {
  static constexpr fermata_need list[sizeof...(N) + 1] = {N::need..., {}};
  static constexpr uint64_t count = sizeof...(N);
};

/// What it provides, as `using Provides = fermata::Provides<Archive>;`.
template <class... I>
struct Provides {
  static constexpr const char* list[sizeof...(I) + 1] = {I::kId..., nullptr};
  static constexpr uint64_t count = sizeof...(I);
};

namespace bridge {
inline const fermata_plugin_vt* plugin_table() {
  static const fermata_plugin_vt t{sizeof(fermata_plugin_vt),
                                   [](void* self, fermata_error* e) noexcept -> int32_t {
                                     return guard(e, [&] { static_cast<Plugin*>(self)->start(); });
                                   },
                                   [](void* self, fermata_error* e) noexcept -> int32_t {
                                     return guard(e, [&] { static_cast<Plugin*>(self)->serve(); });
                                   },
                                   [](void* self, uint64_t ms) noexcept {
                                     guard(nullptr,
                                           [&] { static_cast<Plugin*>(self)->drain(std::chrono::milliseconds(ms)); });
                                   },
                                   [](void* self) noexcept { static_cast<Plugin*>(self)->stop(); },
                                   [](void* self) noexcept { delete static_cast<Plugin*>(self); }};
  return &t;
}
}  // namespace bridge

}  // namespace fermata

#if defined(__clang__)
#define FERMATA_TOOLCHAIN "clang " __clang_version__
#elif defined(__GNUC__)
#define FERMATA_TOOLCHAIN "gcc " __VERSION__
#else
#define FERMATA_TOOLCHAIN "unknown compiler"
#endif

/// Exports the plugin class T (constructor `T(Host, Config)`, types `Provides` and `Needs`) from its library.
/// The CMake function fermata_add_plugin defines the id, the version and the schema.
#define FERMATA_PLUGIN(T)                                                                                  \
  extern "C" __attribute__((visibility("default"))) const fermata_plugin_entry fermata_plugin_entry_v1 = { \
      FERMATA_ABI_MAJOR,                                                                                   \
      FERMATA_ABI_MINOR,                                                                                   \
      sizeof(fermata_plugin_entry),                                                                        \
      0,                                                                                                   \
      FERMATA_PLUGIN_ID,                                                                                   \
      FERMATA_PLUGIN_VERSION,                                                                              \
      FERMATA_TOOLCHAIN,                                                                                   \
      fermata_plugin_schema,                                                                               \
      T::Provides::list,                                                                                   \
      T::Provides::count,                                                                                  \
      T::Needs::list,                                                                                      \
      T::Needs::count,                                                                                     \
      [](const fermata_host* host, const fermata_value* config, fermata_plugin* out,                       \
         fermata_error* error) noexcept -> int32_t {                                                       \
        return fermata::bridge::guard(error, [&] {                                                         \
          out->self = static_cast<fermata::Plugin*>(new T(fermata::Host(host), fermata::Config(config)));  \
          out->vt = fermata::bridge::plugin_table();                                                       \
        });                                                                                                \
      }}
