#include "operation.hpp"

#include <boost/json.hpp>

namespace fermata::accounts {
namespace {

namespace json = boost::json;

constexpr std::string_view kVisibility =
    R"({"type":["object","null"],"properties":{"all_of":{"type":"array","items":{"type":"object","properties":{)"
    R"("attribute":{"enum":["referring_physician","institution","modality","label"]},)"
    R"("values":{"type":"array","items":{"type":"string"}}}}}}})";

std::string_view phrase(uint32_t status) {
  switch (status) {
    case 200:
      return "Done";
    case 201:
      return "Made";
    case 204:
      return "Done; there is no more to say";
    case 400:
      return "The request is not as it has to be";
    case 401:
      return "Not logged in, or with a wrong password";
    case 403:
      return "Not allowed";
    case 404:
      return "There is none";
    case 409:
      return "It would leave nobody who manages accounts, or the name is taken";
    case 429:
      return "Too many logins failed; Retry-After says how long to wait";
    default:
      return "Refused";
  }
}

json::object content(std::string_view media_type, json::value schema) {
  return {{media_type, json::object{{"schema", std::move(schema)}}}};
}

}  // namespace

std::string operation_text(const Operation& operation) {
  json::array parameters;
  for (const auto name : operation.parameters)
    parameters.push_back(
        json::object{{"name", name}, {"in", "path"}, {"required", true}, {"schema", json::object{{"type", "string"}}}});
  json::object done{{"description", phrase(operation.status)}};
  if (!operation.result.empty()) done["content"] = content("application/json", json::parse(operation.result));
  json::object responses{{std::to_string(operation.status), std::move(done)}};
  for (const auto status : operation.refusals)
    responses[std::to_string(status)] =
        json::object{{"description", phrase(status)},
                     {"content", content("application/problem+json", json::object{{"type", "object"}})}};
  json::object out{{"operationId", operation.id}, {"summary", operation.summary}, {"tags", json::array{"accounts"}}};
  if (!parameters.empty()) out["parameters"] = std::move(parameters);
  if (!operation.body.empty())
    out["requestBody"] =
        json::object{{"required", true}, {"content", content("application/json", json::parse(operation.body))}};
  out["responses"] = std::move(responses);
  return json::serialize(out);
}

std::string object_schema(std::string_view members) {
  return R"({"type":"object","properties":{)" + std::string(members) + "}}";
}

std::string list_schema(const std::string& item) {
  return object_schema(R"("items":{"type":"array","items":)" + item + "}");
}

std::string session_schema() {
  return object_schema(
      R"("setup_needed":{"type":"boolean"},"user":{"type":["object","null"],"properties":{"name":{"type":"string"},)"
      R"("display_name":{"type":"string"},"email":{"type":"string"},"role":{"type":"string"},)"
      R"("permissions":{"type":"array","items":{"type":"string"}},"must_change_password":{"type":"boolean"},)"
      R"("sees_all_studies":{"type":"boolean"}}})");
}

std::string user_schema() {
  return object_schema(
      R"("name":{"type":"string"},"display_name":{"type":"string"},"email":{"type":"string"},)"
      R"("role":{"type":"string"},"enabled":{"type":"boolean"},"created":{"type":"string","format":"date-time"},)"
      R"("last_login":{"type":["string","null"],"format":"date-time"},"must_change_password":{"type":"boolean"},)"
      R"("visibility":)" +
      std::string(kVisibility));
}

std::string setup_link_schema() { return object_schema(R"("setup_link":{"type":["string","null"]})"); }

std::string kept_session_schema() {
  return object_schema(R"("id":{"type":"string"},"created":{"type":"string","format":"date-time"},)"
                       R"("last_used":{"type":"string","format":"date-time"},"address":{"type":"string"},)"
                       R"("user_agent":{"type":"string"},"current":{"type":"boolean"})");
}

std::string token_schema() {
  return object_schema(
      R"("id":{"type":"string"},"label":{"type":"string"},"created":{"type":"string","format":"date-time"},)"
      R"("last_used":{"type":["string","null"],"format":"date-time"},)"
      R"("expires":{"type":["string","null"],"format":"date-time"},"expired":{"type":"boolean"},)"
      R"("permissions":{"type":["array","null"],"items":{"type":"string"}})");
}

}  // namespace fermata::accounts
