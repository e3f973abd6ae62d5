#include "health_pages.hpp"

#include <string>

#include "json_text.hpp"

namespace fermata::http {
namespace {

void write_text(HttpResponse& response, std::string_view text) { response.write(std::as_bytes(std::span(text))); }

}  // namespace

void AlivePage::handle(HttpRequest&, HttpResponse& response) {
  response.header("Content-Type", "text/plain");
  response.header("Cache-Control", "no-store");
  write_text(response, "ok\n");
}

void ReadyPage::handle(HttpRequest&, HttpResponse& response) {
  std::string starting;
  std::string left_out;
  bool stopping = false;
  const auto plugins = status_.plugins();
  for (PluginStatus plugin; plugins->next(plugin);) {
    if (plugin.state == PluginStatus::State::serving) continue;
    stopping = stopping || plugin.state == PluginStatus::State::stopping;
    auto& list = plugin.state == PluginStatus::State::left_out ? left_out : starting;
    if (plugin.state == PluginStatus::State::stopping) continue;
    if (!list.empty()) list += ',';
    append_json(list, plugin.instance);
  }
  const bool ready = starting.empty() && left_out.empty() && !stopping;
  response.status(ready ? 200 : 503);
  response.header("Content-Type", "application/json");
  response.header("Cache-Control", "no-store");
  write_text(response, std::string(R"({"ready":)") + (ready ? "true" : "false") + R"(,"stopping":)" +
                           (stopping ? "true" : "false") + R"(,"starting":[)" + starting + R"(],"left_out":[)" +
                           left_out + "]}\n");
}

}  // namespace fermata::http
