#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace fermata::accounts {

/// What a route takes and gives, for `operation_text`. Bodies are JSON Schemas; empty: there is no body.
struct Operation {
  std::string_view id;  ///< a name for generated programs
  std::string_view summary;
  std::initializer_list<std::string_view> parameters;  ///< of the path
  std::string body;
  uint32_t status = 200;
  std::string result;
  std::initializer_list<uint32_t> refusals;
};

/// An OpenAPI 3.1 Operation Object, as JSON.
std::string operation_text(const Operation& operation);

// JSON Schemas of what several routes take or give.
std::string object_schema(std::string_view members);  ///< of `"name":{"type":"string"},...`
std::string list_schema(const std::string& item);     ///< {"items":[...]}
std::string session_schema();
std::string user_schema();
std::string setup_link_schema();
std::string kept_session_schema();
std::string token_schema();

}  // namespace fermata::accounts
