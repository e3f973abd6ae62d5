#include "health_pages.hpp"

#include <string>

#include "json_text.hpp"

namespace fermata::http {
namespace {

using State = PluginStatus::State;

void write_text(HttpResponse& response, std::string_view text) { response.write(std::as_bytes(std::span(text))); }

/// Names as a list in JSON.
class Names {
 public:
  void add(std::string_view name) {
    if (!list_.empty()) list_ += ',';
    append_json(list_, name);
  }
  bool empty() const { return list_.empty(); }
  std::string json() const { return '[' + list_ + ']'; }

 private:
  std::string list_;
};

constexpr std::string_view kLeftOut = "left-out";  // the host's condition; such plugins are listed by themselves

/// What a look at all plugins has shown.
struct Readiness {
  Names starting;
  Names missing;   ///< required, and left out all the same
  Names left_out;  ///< not required
  Names failing;   ///< conditions that a plugin has told
  std::string reasons;
  bool stopping = false;

  void take_note_of(const PluginStatus& plugin) {
    if (plugin.state == State::stopping) stopping = true;
    if (plugin.state == State::starting) starting.add(plugin.instance);
    if (plugin.state != State::left_out) return;
    (plugin.required ? missing : left_out).add(plugin.instance);
    add_reason(plugin.instance, plugin.reason);
  }
  void take_note_of(const Condition& condition) {
    if (condition.level != ConditionLevel::failing || condition.name == kLeftOut) return;
    failing.add(condition.name);
    add_reason(condition.name, condition.text);
  }
  void add_reason(std::string_view name, std::string_view text) {
    if (!reasons.empty()) reasons += ',';
    append_json(reasons, name);
    reasons += ':';
    append_json(reasons, text);
  }
  bool ready() const { return !stopping && missing.empty() && starting.empty(); }
  std::string_view status() const {
    if (stopping) return "stopping";
    if (!missing.empty()) return "incomplete";
    if (!starting.empty()) return "starting";
    return left_out.empty() && failing.empty() ? "ready" : "degraded";
  }
};

}  // namespace

void AlivePage::handle(HttpRequest&, HttpResponse& response) {
  response.header("Content-Type", "text/plain");
  response.header("Cache-Control", "no-store");
  write_text(response, "ok\n");
}

void ReadyPage::handle(HttpRequest& request, HttpResponse& response) {
  Readiness found;
  const auto plugins = status_.plugins();
  for (PluginStatus plugin; plugins->next(plugin);) found.take_note_of(plugin);
  const auto conditions = status_.conditions();
  for (Condition condition; conditions->next(condition);) found.take_note_of(condition);
  response.status(found.ready() ? 200 : 503);
  response.header("Content-Type", "application/json");
  response.header("Cache-Control", "no-store");
  std::string json = R"({"status":")" + std::string(found.status()) + '"';
  const auto add = [&](const char* member, const Names& names) {
    if (!names.empty()) json += std::string(",\"") + member + "\":" + names.json();
  };
  add("starting", found.starting);
  add("missing", found.missing);
  add("left_out", found.left_out);
  add("failing", found.failing);
  // Reasons name files, addresses and versions.
  if (!found.reasons.empty() && request.may("system.read")) json += ",\"reasons\":{" + found.reasons + '}';
  write_text(response, json + "}\n");
}

}  // namespace fermata::http
