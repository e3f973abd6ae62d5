#include "api/operation.hpp"

#include <algorithm>
#include <boost/json.hpp>

namespace fermata::api {
namespace {

namespace json = boost::json;

json::object described(const Parameter& parameter, std::string_view place) {
  json::object object{{"name", parameter.name},
                      {"in", place},
                      {"required", parameter.required || place == "path"},
                      {"schema", {{"type", parameter.type}}}};
  if (!parameter.description.empty()) object["description"] = parameter.description;
  return object;
}

/// The names in "/api/studies/{study}/{path...}".
std::vector<std::string_view> names_in(std::string_view path) {
  std::vector<std::string_view> names;
  for (auto open = path.find('{'); open != std::string_view::npos; open = path.find('{', open + 1)) {
    auto name = path.substr(open + 1, path.find('}', open) - open - 1);
    if (name.ends_with("...")) name.remove_suffix(3);
    names.push_back(name);
  }
  return names;
}

json::array parameters(const std::vector<Parameter>& known, std::string_view path) {
  const auto names = names_in(path);
  json::array all;
  for (const auto name : names) {
    const auto said = std::find_if(known.begin(), known.end(), [&](const Parameter& p) { return p.name == name; });
    all.push_back(described(said == known.end() ? Parameter{name} : *said, "path"));
  }
  for (const auto& parameter : known)
    if (std::find(names.begin(), names.end(), parameter.name) == names.end())
      all.push_back(described(parameter, "query"));
  return all;
}

json::object content(std::string_view type, std::string_view schema) {
  return {{type, json::object{{"schema", json::parse(schema)}}}};
}

json::object problem(std::string_view description) {
  return {{"description", description}, {"content", content("application/problem+json", R"({"type":"object"})")}};
}

json::object responses(const Operation& operation) {
  json::object done{{"description", operation.done}};
  if (!operation.answer_type.empty()) done["content"] = content(operation.answer_type, operation.answer);
  json::object all{{operation.status, std::move(done)}};
  for (const auto& refusal : operation.refusals) all[refusal.status] = problem(refusal.description);
  all["default"] = problem("Why not, and what to do about it (RFC 9457)");
  return all;
}

}  // namespace

std::string operation_text(const Operation& operation, std::string_view path) {
  json::object text{{"summary", operation.summary},
                    {"tags", json::array{operation.group}},
                    {"parameters", parameters(operation.parameters, path)},
                    {"responses", responses(operation)}};
  if (!operation.id.empty()) text["operationId"] = operation.id;
  if (!operation.body.empty())
    text["requestBody"] =
        json::object{{"required", operation.body_required}, {"content", content(operation.body_type, operation.body)}};
  return json::serialize(text);
}

}  // namespace fermata::api
