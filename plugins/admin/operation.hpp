#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace fermata::admin {

/// A parameter in a request's query.
struct QueryParameter {
  std::string_view name;
  std::string_view description;
  bool required = false;
};

/// What a route does, for people and generators. The views are borrowed for the call of `operation_text`.
struct Operation {
  std::string_view summary;
  std::string_view group;  ///< under which it is listed: "studies"
  std::vector<QueryParameter> query = {};
  std::string_view body = {};  ///< JSON Schema of a JSON body; empty: none
  std::string_view body_type = "application/json";
  std::string_view status = "200";
  std::string_view answer_type = "application/json";  ///< empty: no body
  std::string_view answer = R"({"type":"object"})";   ///< JSON Schema
};

/// An OpenAPI 3.1 Operation Object. The parameters in `path` are taken from it.
std::string operation_text(const Operation& operation, std::string_view path);

}  // namespace fermata::admin
