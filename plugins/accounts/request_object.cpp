#include "request_object.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "fermata/error.hpp"
#include "problem.hpp"

namespace fermata::accounts {
namespace {

namespace json = boost::json;

constexpr std::size_t kLargestBody = 64 * 1024;

std::string read_body(HttpRequest& request) {
  std::string body;
  std::array<char, 4096> buffer;
  while (const auto count = request.read(std::as_writable_bytes(std::span(buffer)))) {
    if (body.size() + count > kLargestBody) throw Problem(413, "The request's body is larger than 64 KiB.");
    body.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return body;
}

/// A page of another site can send forms and text, but not this type, without asking first.
void check_type(HttpRequest& request) {
  auto type = request.header("Content-Type");
  type = type.substr(0, type.find(';'));
  while (!type.empty() && type.back() == ' ') type.remove_suffix(1);
  if (type != "application/json") throw Problem(415, "The request's body has to be of type application/json.");
}

[[noreturn]] void refuse(std::string_view member, const char* what) {
  throw Error(Code::invalid, "The member \"" + std::string(member) + "\" of the request " + what + ".");
}

std::vector<std::string> texts_of(const json::value& value, std::string_view member) {
  if (!value.is_array()) refuse(member, "has to be a list of texts");
  std::vector<std::string> all;
  for (const auto& item : value.get_array()) {
    if (!item.is_string()) refuse(member, "has to be a list of texts");
    all.emplace_back(item.get_string());
  }
  return all;
}

VisibilityRule rule_of(const json::value& value, std::string_view member) {
  const auto* rule = value.if_object();
  const auto* attribute = rule == nullptr ? nullptr : rule->if_contains("attribute");
  const auto* values = rule == nullptr ? nullptr : rule->if_contains("values");
  if (attribute == nullptr || values == nullptr || rule->size() != 2 || !attribute->is_string())
    refuse(member, "has to have rules of \"attribute\" and \"values\"");
  return {std::string(attribute->get_string()), texts_of(*values, member)};
}

}  // namespace

RequestObject::RequestObject(HttpRequest& request, std::initializer_list<std::string_view> members) {
  check_type(request);
  const auto body = read_body(request);
  json::error_code error;
  auto value = json::parse(body, error);
  if (error || !value.is_object()) throw Error(Code::invalid, "The request's body is no JSON object.");
  object_ = std::move(value.get_object());
  for (const auto& [name, ignored] : object_)
    if (std::find(members.begin(), members.end(), std::string_view(name)) == members.end())
      throw Error(
          Code::invalid, "The request has a member that is not known here. Known are: " + [&] {
            std::string list;
            for (const auto member : members) list += (list.empty() ? "" : ", ") + std::string(member);
            return list + ".";
          }());
}

bool RequestObject::has(std::string_view member) const { return object_.contains(member); }

bool RequestObject::is_null(std::string_view member) const {
  const auto* found = object_.if_contains(member);
  return found == nullptr || found->is_null();
}

std::string RequestObject::text(std::string_view member) const {
  const auto& value = at(member);
  if (!value.is_string()) refuse(member, "has to be a text");
  return std::string(value.get_string());
}

std::string RequestObject::text_or(std::string_view member, std::string_view otherwise) const {
  return is_null(member) ? std::string(otherwise) : text(member);
}

bool RequestObject::flag(std::string_view member) const {
  const auto& value = at(member);
  if (!value.is_bool()) refuse(member, "has to be true or false");
  return value.get_bool();
}

int64_t RequestObject::number(std::string_view member) const {
  const auto& value = at(member);
  if (!value.is_int64()) refuse(member, "has to be a whole number");
  return value.get_int64();
}

std::vector<std::string> RequestObject::texts(std::string_view member) const { return texts_of(at(member), member); }

std::vector<VisibilityRule> RequestObject::visibility(std::string_view member) const {
  if (is_null(member)) return {};
  const auto* object = at(member).if_object();
  const auto* all_of = object == nullptr ? nullptr : object->if_contains("all_of");
  if (all_of == nullptr || object->size() != 1 || !all_of->is_array()) refuse(member, "has to be {\"all_of\": [...]}");
  std::vector<VisibilityRule> rules;
  for (const auto& value : all_of->get_array()) rules.push_back(rule_of(value, member));
  return checked_visibility(std::move(rules));
}

const json::value& RequestObject::at(std::string_view member) const {
  const auto* found = object_.if_contains(member);
  if (found == nullptr) refuse(member, "is missing");
  return *found;
}

}  // namespace fermata::accounts
