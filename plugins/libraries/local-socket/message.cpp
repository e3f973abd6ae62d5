#include "message.hpp"

#include <utility>

namespace fermata::local_socket {

namespace json = boost::json;

Error other_version() {
  return {Code::unsupported, "the running program is of another version than this one: restart it after an upgrade"};
}

json::object read_message(const std::string& line, const json::parse_options& options) {
  json::error_code error;
  auto value = json::parse(line, error, {}, options);
  if (error || !value.is_object()) throw other_version();
  return std::move(value.as_object());
}

json::object error_message(const Error& error) {
  return {{"error", error.what()}, {"code", static_cast<int32_t>(error.code())}};
}

void throw_told_error(const json::object& message) {
  const auto* error = message.if_contains("error");
  if (error == nullptr || !error->is_string()) return;
  const auto* code = message.if_contains("code");
  throw Error(code != nullptr ? static_cast<Code>(code->to_number<int32_t>()) : Code::internal,
              std::string(error->as_string()));
}

}  // namespace fermata::local_socket
