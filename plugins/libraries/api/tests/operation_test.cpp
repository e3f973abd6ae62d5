#include "api/operation.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

using namespace fermata::api;
namespace json = boost::json;

namespace {

json::object described(const Operation& operation, std::string_view path) {
  return json::parse(operation_text(operation, path)).as_object();
}

}  // namespace

TEST_CASE("an operation says what it takes and gives, and how it refuses") {
  const auto text = described({.summary = "Put these labels on a study",
                               .group = "studies",
                               .id = "setLabels",
                               .body = R"({"type":"array"})",
                               .status = "201",
                               .done = "The labels",
                               .answer = R"({"type":"string"})",
                               .refusals = {{"404", "There is no such study"}}},
                              "/api/studies");
  CHECK(text == json::parse(R"x({"summary":"Put these labels on a study","tags":["studies"],"operationId":"setLabels",
    "parameters":[],
    "requestBody":{"required":true,"content":{"application/json":{"schema":{"type":"array"}}}},
    "responses":{
      "201":{"description":"The labels","content":{"application/json":{"schema":{"type":"string"}}}},
      "404":{"description":"There is no such study",
             "content":{"application/problem+json":{"schema":{"type":"object"}}}},
      "default":{"description":"Why not, and what to do about it (RFC 9457)",
                 "content":{"application/problem+json":{"schema":{"type":"object"}}}}}})x"));
}

TEST_CASE("parameters of the path are there even if nothing is said of them, and are always required") {
  const auto text = described(
      {.summary = "s", .group = "g", .parameters = {{"search", "words"}, {"job", "its number", false, "integer"}}},
      "/api/x/{job}/{path...}");
  CHECK(text.at("parameters") == json::parse(R"([
    {"name":"job","in":"path","required":true,"schema":{"type":"integer"},"description":"its number"},
    {"name":"path","in":"path","required":true,"schema":{"type":"string"}},
    {"name":"search","in":"query","required":false,"schema":{"type":"string"},"description":"words"}])"));
}

TEST_CASE("an operation without bodies has none") {
  const auto text = described({.summary = "s", .group = "g", .status = "204", .answer_type = {}}, "/api/x");
  CHECK_FALSE(text.contains("requestBody"));
  CHECK(text.at("responses").at("204") == json::parse(R"({"description":"As asked for"})"));
}
