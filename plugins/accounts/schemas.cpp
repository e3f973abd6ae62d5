#include "schemas.hpp"

namespace fermata::accounts {
namespace {

constexpr std::string_view kVisibility =
    R"({"type":["object","null"],"properties":{"all_of":{"type":"array","items":{"type":"object","properties":{)"
    R"("attribute":{"enum":["referring_physician","institution","modality","label"]},)"
    R"("values":{"type":"array","items":{"type":"string"}}}}}}})";

api::Refusal refusal(uint32_t status) {
  switch (status) {
    case 400:
      return {"400", "The request is not as it has to be"};
    case 401:
      return {"401", "Not logged in, or with a wrong password"};
    case 403:
      return {"403", "Not allowed"};
    case 404:
      return {"404", "There is none"};
    case 409:
      return {"409", "It would leave nobody who manages accounts, or the name is taken"};
    case 413:
      return {"413", "The request is too long"};
    case 415:
      return {"415", "The request is no JSON"};
    default:
      return {"429", "Too many logins failed; Retry-After says how long to wait"};
  }
}

}  // namespace

std::vector<api::Refusal> refusals(std::initializer_list<uint32_t> statuses) {
  std::vector<api::Refusal> all;
  for (const auto status : statuses) all.push_back(refusal(status));
  return all;
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
      R"("role":{"type":"string"},"also":{"type":"array","items":{"type":"string"}},"enabled":{"type":"boolean"},"created":{"type":"string","format":"date-time"},)"
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
