#include "json_body.hpp"

#include <utility>

#include "fermata/json_answer.hpp"

namespace fermata::admin {
namespace json = boost::json;
namespace {

constexpr std::size_t kMostBody = 64 * 1024;

[[noreturn]] void refuse(std::string_view name, std::string_view what) {
  throw Error(Code::invalid, "\"" + std::string(name) + "\" in the request's body has to be " + std::string(what));
}

const json::value* member(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

}  // namespace

json::object read_object(HttpRequest& request) {
  const auto text = read_body(request, kMostBody);
  if (text.empty()) return {};
  json::error_code error;
  auto value = json::parse(text, error);
  if (error || !value.is_object()) throw Error(Code::invalid, "the request's body has to be a JSON object in UTF-8");
  return std::move(value.as_object());
}

std::string string_member(const json::object& object, std::string_view name, std::string_view otherwise) {
  const auto* value = member(object, name);
  if (value == nullptr) return std::string(otherwise);
  if (!value->is_string()) refuse(name, "text");
  return std::string(value->as_string());
}

bool bool_member(const json::object& object, std::string_view name, bool otherwise) {
  const auto* value = member(object, name);
  if (value == nullptr) return otherwise;
  if (!value->is_bool()) refuse(name, "true or false");
  return value->as_bool();
}

std::optional<uint16_t> port_member(const json::object& object, std::string_view name) {
  const auto* value = member(object, name);
  if (value == nullptr) return {};
  if (!value->is_int64() || value->as_int64() < 1 || value->as_int64() > 65535) refuse(name, "a number, 1 to 65535");
  return static_cast<uint16_t>(value->as_int64());
}

std::optional<std::vector<std::string>> strings_member(const json::object& object, std::string_view name) {
  const auto* value = member(object, name);
  if (value == nullptr) return {};
  if (!value->is_array()) refuse(name, "a list of texts");
  std::vector<std::string> list;
  for (const auto& item : value->as_array()) {
    if (!item.is_string()) refuse(name, "a list of texts");
    list.emplace_back(item.as_string());
  }
  return list;
}

void answer_items(HttpResponse& response, json::array items) {
  answer_json(response, json::object{{"items", std::move(items)}});
}

}  // namespace fermata::admin
