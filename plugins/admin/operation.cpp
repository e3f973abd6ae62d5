#include "operation.hpp"

#include <boost/json.hpp>

namespace fermata::admin {
namespace json = boost::json;
namespace {

json::object parameter(std::string_view name, std::string_view place, bool required, std::string_view description) {
  json::object object{{"name", name}, {"in", place}, {"required", required}, {"schema", {{"type", "string"}}}};
  if (!description.empty()) object["description"] = description;
  return object;
}

json::array parameters(const Operation& operation, std::string_view path) {
  json::array all;
  for (auto open = path.find('{'); open != std::string_view::npos; open = path.find('{', open + 1)) {
    auto name = path.substr(open + 1, path.find('}', open) - open - 1);
    if (name.ends_with("...")) name.remove_suffix(3);
    all.push_back(parameter(name, "path", true, {}));
  }
  for (const auto& p : operation.query) all.push_back(parameter(p.name, "query", p.required, p.description));
  return all;
}

json::object content(std::string_view type, std::string_view schema) {
  return {{type, json::object{{"schema", json::parse(schema)}}}};
}

}  // namespace

std::string operation_text(const Operation& operation, std::string_view path) {
  json::object answer{{"description", "As asked for"}};
  if (!operation.answer_type.empty()) answer["content"] = content(operation.answer_type, operation.answer);
  json::object problem{{"description", "Why not, and what to do about it (RFC 9457)"},
                       {"content", content("application/problem+json", R"({"type":"object"})")}};
  json::object text{{"summary", operation.summary},
                    {"tags", json::array{operation.group}},
                    {"parameters", parameters(operation, path)},
                    {"responses", json::object{{operation.status, answer}, {"default", problem}}}};
  if (!operation.body.empty())
    text["requestBody"] = json::object{{"required", true}, {"content", content(operation.body_type, operation.body)}};
  return json::serialize(text);
}

}  // namespace fermata::admin
