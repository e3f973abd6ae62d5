#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace fermata::api {

/// A parameter in a request's query; or in its path, where the route has {name}.
struct Parameter {
  std::string_view name;
  std::string_view description = {};
  bool required = false;  ///< those of a path always are
  std::string_view type = "string";
};

/// A reason not to do what is asked that is worth a sentence.
struct Refusal {
  std::string_view status;
  std::string_view description;
};

/// What a route does, for people and generators. The views are borrowed for the call of `operation_text`.
struct Operation {
  std::string_view summary;
  std::string_view group;                  ///< under which it is listed: "studies"
  std::string_view id = {};                ///< a name for generated programs
  std::vector<Parameter> parameters = {};  ///< those of the path need not be named unless there is more to say of them
  std::string_view body = {};              ///< JSON Schema; empty: none
  std::string_view body_type = "application/json";
  bool body_required = true;
  std::string_view status = "200";
  std::string_view done = "As asked for";             ///< what comes with this status
  std::string_view answer_type = "application/json";  ///< empty: no body
  std::string_view answer = R"({"type":"object"})";   ///< JSON Schema
  std::vector<Refusal> refusals = {};
};

/// JSON Schema of what a route answers that has made a job of the request.
inline constexpr std::string_view kNumberOfJob = R"({"type":"object","properties":{"job":{"type":"integer"}}})";

/// An OpenAPI 3.1 Operation Object for the route `path`.
std::string operation_text(const Operation& operation, std::string_view path);

}  // namespace fermata::api
