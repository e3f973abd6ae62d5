#include "extensions.hpp"

#include <algorithm>

#include "fermata/authenticator.hpp"
#include "fermata/error.hpp"
#include "json_body.hpp"

namespace fermata::admin {
namespace json = boost::json;
namespace {

bool is_id(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

const char* name_of(WebExtension::Kind kind) {
  switch (kind) {
    case WebExtension::Kind::page:
      return "page";
    case WebExtension::Kind::study_action:
      return "study_action";
    case WebExtension::Kind::settings_form:
      return "settings_form";
  }
  throw Error(Code::invalid, "the kind of an extension is a page, a study action or a settings form");
}

void check(const WebExtension& extension) {
  name_of(extension.kind);
  if (!is_id(extension.id)) throw Error(Code::invalid, "the id of an extension is letters, digits and \"-\"");
  const std::string id(extension.id);
  if (extension.label_en.empty() || extension.label_de.empty())
    throw Error(Code::invalid, "the extension " + id + " needs label_en and label_de");
  // A path of this server, and not the name of another one ("//host").
  if (!extension.url.starts_with('/') || extension.url.starts_with("//"))
    throw Error(Code::invalid, "the url of the extension " + id + " has to be a path of this server");
}

}  // namespace

void Extensions::add(const WebExtension& extension) {
  check(extension);
  const std::lock_guard lock(mutex_);
  const std::string id(extension.id);
  if (std::any_of(list_.begin(), list_.end(), [&](const Extension& known) { return known.id == id; }))
    throw Error(Code::conflict, "there is an extension " + id + " already");
  list_.push_back({extension.kind, id, std::string(extension.label_en), std::string(extension.label_de),
                   std::string(extension.url), std::string(extension.permission), extension.new_tab});
}

void Extensions::add_to(api::Routes& routes) {
  routes.add("GET", "/api/extensions", kMayLogIn,
             {.summary = "What plugins add to the web application", .group = "system"},
             [this](auto& request, auto& response) { list(request, response); });
}

void Extensions::list(HttpRequest& request, HttpResponse& response) const {
  json::array items;
  const std::lock_guard lock(mutex_);
  for (const auto& extension : list_)
    if (extension.permission.empty() || request.may(extension.permission))
      items.push_back(json::object{{"kind", name_of(extension.kind)},
                                   {"id", extension.id},
                                   {"label_en", utf8(extension.label_en)},
                                   {"label_de", utf8(extension.label_de)},
                                   {"url", utf8(extension.url)},
                                   {"new_tab", extension.new_tab}});
  answer_items(response, std::move(items));
}

}  // namespace fermata::admin
