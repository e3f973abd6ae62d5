#include "capabilities.hpp"

#include <map>
#include <string>
#include <vector>

#include "acceptance.hpp"
#include "fermata/dicom/json_text.hpp"
#include "problem.hpp"

namespace fermata::dicomweb {
namespace {

constexpr std::string_view kWadl = "application/vnd.sun.wadl+xml";
constexpr std::string_view kJson = "application/json";

using Methods = std::map<std::string_view, std::vector<const Routes::Entry*>>;

Methods by_path(const Routes& routes) {
  Methods methods;
  for (const auto& entry : routes.entries()) methods[entry.path].push_back(&entry);
  return methods;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

/// `{name}` and `{name...}`.
std::vector<std::string_view> parameters_of(std::string_view path) {
  std::vector<std::string_view> names;
  for (auto begin = path.find('{'); begin != path.npos; begin = path.find('{', begin + 1)) {
    auto name = path.substr(begin + 1, path.find('}', begin) - begin - 1);
    if (name.ends_with("...")) name.remove_suffix(3);
    names.push_back(name);
  }
  return names;
}

std::string wadl(const Routes& routes, const std::string& base) {
  std::string text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<application xmlns=\"http://wadl.dev.java.net/2009/02\" "
      "xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\">\n<resources base=\"" +
      escaped(base) + "\">\n";
  const auto add_representations = [&](std::string_view element, const std::vector<std::string_view>& types) {
    if (types.empty()) return;
    ((text += '<') += element) += '>';
    for (const auto type : types) text += "<representation mediaType=\"" + escaped(type) + "\"/>";
    ((text += "</") += element) += '>';
  };
  for (const auto& [path, entries] : by_path(routes)) {
    text += "<resource path=\"" + escaped(path) + "\">";
    for (const auto name : parameters_of(path))
      text += "<param name=\"" + escaped(name) + "\" style=\"template\" type=\"xsd:string\" required=\"true\"/>";
    for (const auto* entry : entries) {
      text += "<method name=\"" + escaped(entry->method) + "\">";
      add_representations("request", entry->media.request);
      add_representations("response", entry->media.response);
      text += "</method>";
    }
    text += "</resource>\n";
  }
  return text + "</resources>\n</application>\n";
}

std::string json(const Routes& routes, const std::string& base) {
  std::string text = "{\"base\":";
  dicom::json::append_string(text, base);
  text += ",\"resources\":[";
  const auto add_types = [&](std::string_view name, const std::vector<std::string_view>& types) {
    if (types.empty()) return;
    dicom::json::append_string(text += ',', name);
    text += ":[";
    for (std::size_t i = 0; i < types.size(); ++i) {
      if (i != 0) text += ',';
      dicom::json::append_string(text, types[i]);
    }
    text += ']';
  };
  bool first = true;
  for (const auto& [path, entries] : by_path(routes)) {
    if (!first) text += ',';
    first = false;
    dicom::json::append_string(text += "{\"path\":", path);
    text += ",\"methods\":[";
    for (const auto* entry : entries) {
      if (entry != entries.front()) text += ',';
      dicom::json::append_string(text += "{\"name\":", entry->method);
      add_types("request", entry->media.request);
      add_types("response", entry->media.response);
      text += '}';
    }
    text += "]}";
  }
  return text + "]}";
}

struct Choice {
  std::string_view type;
  bool as_stored = true;  ///< for best_of: all cost the same
};

Choice choose(HttpRequest& request) {
  const auto accepted = accepted_media(request, QueryParameters(request.query()));
  const auto choice =
      best_of(std::span<const MediaRange>(accepted), [](const MediaRange& range) -> std::optional<Choice> {
        for (const std::string_view type :
             {kWadl, kJson, std::string_view("application/xml"), std::string_view("text/xml")})
          if (range.allows_single() && range.includes(type)) return Choice{type};
        return {};
      });
  if (!choice) refuse_as_not_acceptable(std::string(kWadl) + ", " + std::string(kJson));
  return *choice;
}

}  // namespace

void Capabilities::add_to(Routes& routes) const {
  for (const auto path : {"", "/"})
    routes.add("GET", path, "studies.read", [this](auto& request, auto& response) { answer(request, response); },
               {{}, {kWadl, kJson}});
}

void Capabilities::answer(HttpRequest& request, HttpResponse& response) const {
  const auto type = choose(request).type;
  const auto base = std::string(request.base_url()) + routes_.root();
  const auto text = type == kJson ? json(routes_, base) : wadl(routes_, base);
  response.header("Content-Type", type);
  response.write(std::as_bytes(std::span(text)));
}

}  // namespace fermata::dicomweb
