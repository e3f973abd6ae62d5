#include "running/plugin_instance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "fermata/bridge/bridge.hpp"
#include "fermata/c/command.h"
#include "fermata/error.hpp"

namespace fermata::host {
namespace {

/// Runs one function of the plugin's table and turns its code into an Error.
template <class Call>
void checked(Call&& call) {
  fermata_error error{};
  const int32_t code = call(&error);
  error.message[sizeof error.message - 1] = '\0';
  if (code == FERMATA_OK) return;
  throw Error(static_cast<Code>(code), error.message[0] == '\0' ? "it gave no reason" : error.message);
}

int32_t answer(fermata_error* error, Code code, const std::string& message) {
  return bridge::fill(error, code, message.c_str());
}

}  // namespace

PluginInstance::PluginInstance(const Part& part, Providers providers, ServiceRegistry& registry, Events& events,
                               Logger& logger)
    : name_(part.settings.instance),
      required_(part.settings.required),
      library_(part.library),
      config_(part.config),
      providers_(std::move(providers)),
      registry_(registry),
      events_(events),
      logger_(logger),
      host_(offer()) {}

PluginInstance::~PluginInstance() {
  stop();
  destroy();
}

fermata_host PluginInstance::offer() {
  fermata_host host{};
  host.size = sizeof host;
  host.self = this;
  host.log = [](void* self, int32_t level, fermata_str message, const fermata_field* fields, uint64_t count) {
    bridge::guard(nullptr, [&] {
      auto& instance = *static_cast<PluginInstance*>(self);
      instance.heard();
      instance.logger_.write(level, bridge::view(message), {fields, static_cast<std::size_t>(count)});
    });
  };
  host.log_enabled = [](void* self, int32_t level) -> uint8_t {
    auto& instance = *static_cast<PluginInstance*>(self);
    instance.heard();  // it would say something, at a level that nobody reads
    return instance.logger_.enabled(level) ? 1 : 0;
  };
  host.publish = [](void* self, const fermata_service* service, fermata_error* error) -> int32_t {
    int32_t code = FERMATA_OK;
    const int32_t failed =
        bridge::guard(error, [&] { code = static_cast<PluginInstance*>(self)->publish(*service, error); });
    return failed != FERMATA_OK ? failed : code;
  };
  host.lookup = [](void* self, fermata_str id, uint64_t number, fermata_service* out, fermata_error* error) -> int32_t {
    int32_t code = FERMATA_OK;
    const int32_t failed = bridge::guard(error, [&] {
      code = static_cast<PluginInstance*>(self)->lookup(std::string(bridge::view(id)), number, out, error);
    });
    return failed != FERMATA_OK ? failed : code;
  };
  host.count = [](void* self, fermata_str counter, uint64_t increment) {
    bridge::guard(nullptr,
                  [&] { static_cast<PluginInstance*>(self)->counters_.add(bridge::view(counter), increment); });
  };
  host.fail = [](void* self, fermata_str reason) {
    bridge::guard(nullptr, [&] {
      auto& instance = *static_cast<PluginInstance*>(self);
      const std::string text(bridge::view(reason));
      instance.logger_.error("can't go on", {{"reason", text}});
      instance.events_.fail(instance.name_, text);
    });
  };
  host.provider = [](void* self, fermata_str id, uint64_t number, fermata_str* out, fermata_error* error) -> int32_t {
    int32_t code = FERMATA_OK;
    const int32_t failed = bridge::guard(error, [&] {
      code = static_cast<PluginInstance*>(self)->provider(std::string(bridge::view(id)), number, out, error);
    });
    return failed != FERMATA_OK ? failed : code;
  };
  host.gauge = [](void* self, fermata_str name, double value) {
    bridge::guard(nullptr,
                  [&] { static_cast<PluginInstance*>(self)->conditions_.set_gauge(bridge::view(name), value); });
  };
  host.condition = [](void* self, fermata_str name, uint32_t level, fermata_str text, fermata_str remedy) {
    bridge::guard(nullptr, [&] {
      static_cast<PluginInstance*>(self)->conditions_.set(bridge::view(name), level, bridge::view(text),
                                                          bridge::view(remedy));
    });
  };
  return host;
}

void PluginInstance::heard() {
  if (state_ != State::serving) last_heard_ = PluginThread::Clock::now();
}

int32_t PluginInstance::publish(const fermata_service& service, fermata_error* error) {
  const std::string id = service.id == nullptr ? "" : service.id;
  const auto& declared = library_->provides();
  const bool early = state_ == State::loaded && id == FERMATA_COMMAND_ID;
  if (state_ != State::starting && !early)
    return answer(error, Code::unavailable, name_ + " publishes " + id + " outside of start; do it in start");
  if (std::find(declared.begin(), declared.end(), id) == declared.end())
    return answer(error, Code::invalid,
                  name_ + " publishes " + id + ", which its entry does not list; add it to Provides");
  if (service.vt == nullptr) return answer(error, Code::invalid, name_ + " publishes " + id + " without a table");
  if (id != FERMATA_COMMAND_ID && registry_.has(name_, id))
    return answer(error, Code::conflict, name_ + " publishes " + id + " twice; publish it once");
  registry_.publish(name_, id, {service.vt, service.self});
  return FERMATA_OK;
}

int32_t PluginInstance::lookup(const std::string& id, uint64_t number, fermata_service* out,
                               fermata_error* error) const {
  const auto& needs = library_->needs();
  const auto need = std::find_if(needs.begin(), needs.end(), [&](const Need& n) { return n.service == id; });
  if (need == needs.end())
    return answer(error, Code::invalid, name_ + " asks for " + id + ", which its entry does not list; add it to Needs");
  if (state_ == State::loaded)
    return answer(error, Code::unavailable, name_ + " asks for " + id + " while it is created; do it in start");
  if (state_ == State::failed)
    return answer(error, Code::unavailable, name_ + " asks for " + id + " after it has failed");
  const auto providers = providers_.find(id);
  const auto found = providers == providers_.end() ? std::nullopt : registry_.find(id, providers->second, number);
  if (!found) return answer(error, Code::not_found, "nobody else provides " + id);
  *out = {need->service.c_str(), found->vt, found->self};
  return FERMATA_OK;
}

int32_t PluginInstance::provider(const std::string& id, uint64_t number, fermata_str* out, fermata_error* error) const {
  fermata_service service{};
  if (const int32_t code = lookup(id, number, &service, error); code != FERMATA_OK) return code;
  const auto& names = providers_.at(id);
  const auto found = registry_.find(id, names, number);
  const auto name = found ? std::find(names.begin(), names.end(), found->instance) : names.end();
  if (name == names.end()) return answer(error, Code::not_found, "nobody else provides " + id);
  *out = bridge::str(*name);  // of the list, which stays
  return FERMATA_OK;
}

void PluginInstance::check_published() const {
  for (const auto& id : library_->provides())
    if (id != FERMATA_COMMAND_ID && !registry_.has(name_, id))
      throw Error(Code::internal,
                  "it says that it provides " + id + ", but did not publish it; its author has to correct it");
}

void PluginInstance::create(std::optional<std::chrono::milliseconds> limit) {
  const auto work = [this] {
    checked([this](fermata_error* error) { return library_->entry().create(&host_, config_.root(), &plugin_, error); });
  };
  try {
    call_in_time(work, limit, [this](bool failed) { created_late(failed); });
    if (plugin_.vt == nullptr) throw Error(Code::internal, "it did not hand out its functions; build it again");
    state_ = State::created;
  } catch (const Error&) {
    state_ = State::failed;
    registry_.withdraw(name_);
    if (!stuck()) plugin_ = {};
    throw;
  }
}

void PluginInstance::start(std::optional<std::chrono::milliseconds> limit) {
  state_ = State::starting;
  try {
    call_in_time(step(&fermata_plugin_vt::start), limit, [this](bool failed) { started_late(failed); });
    state_ = State::started;
    check_published();
  } catch (const Error&) {
    registry_.withdraw(name_);
    if (state_ == State::started) thread_.call([this] { plugin_.vt->stop(plugin_.self); });
    state_ = State::failed;
    throw;
  }
}

void PluginInstance::serve(std::optional<std::chrono::milliseconds> limit) {
  call_in_time(step(&fermata_plugin_vt::serve), limit, [this](bool failed) { served_late(failed); });
  state_ = State::serving;
}

PluginThread::Step PluginInstance::step(int32_t (*fermata_plugin_vt::*function)(void*, fermata_error*)) {
  return [this, function] {
    checked([this, function](fermata_error* error) { return (plugin_.vt->*function)(plugin_.self, error); });
  };
}

void PluginInstance::call_in_time(PluginThread::Step step, std::optional<std::chrono::milliseconds> limit,
                                  PluginThread::Late late) {
  const auto begin = PluginThread::Clock::now();
  last_heard_ = begin;
  const auto deadline = [&] {
    if (!limit) return PluginThread::Clock::time_point::max();
    return (required_ ? last_heard_.load() : begin) + *limit;
  };
  if (thread_.call_until(deadline, std::move(step), std::move(late))) return;
  throw Error(Code::unavailable,
              fmt::format("it has not come back{} for {:g} s; start_deadline can give it longer",
                          required_ ? " and has logged nothing" : "", std::chrono::duration<double>(*limit).count()));
}

void PluginInstance::created_late(bool failed) {
  if (!failed && plugin_.vt != nullptr) plugin_.vt->destroy(plugin_.self);
  plugin_ = {};
  registry_.withdraw(name_);
  report_late(failed ? "failed" : "destroyed");
}

/// Nobody has what it published: it stops at once.
void PluginInstance::started_late(bool failed) {
  if (!failed) plugin_.vt->stop(plugin_.self);
  report_late(failed ? "failed" : "stopped");
}

/// It may be in use by others, and stops with them.
void PluginInstance::served_late(bool failed) {
  if (!failed) state_ = State::serving;
  report_late(failed ? "failed" : "serves, but counts as left out");
}

void PluginInstance::report_late(const char* outcome) {
  logger_.warning("came back after it was given up", {{"outcome", outcome}});
}

void PluginInstance::drain(std::chrono::milliseconds deadline) {
  if (state_ != State::serving) return;
  thread_.call([&] { plugin_.vt->drain(plugin_.self, static_cast<uint64_t>(deadline.count())); });
}

bool PluginInstance::stop() {
  if (thread_.part() || !running()) return false;
  thread_.call([this] { plugin_.vt->stop(plugin_.self); });
  state_ = State::stopped;
  return true;
}

void PluginInstance::destroy() {
  if (stuck() || plugin_.vt == nullptr) return;
  thread_.call([this] { plugin_.vt->destroy(plugin_.self); });
  plugin_ = {};
  registry_.withdraw(name_);
}

}  // namespace fermata::host
