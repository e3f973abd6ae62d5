#include "send_route.hpp"

#include <string>
#include <vector>

#include "api/json_answer.hpp"
#include "send_runner.hpp"

namespace fermata::transfers {
namespace {

namespace json = boost::json;

constexpr std::size_t kLongestBody = std::size_t{256} << 10;

constexpr std::string_view kBody = R"({"type":"object","required":["node"],"properties":{
"node":{"type":"string","description":"AE title"},"studies":{"type":"array","items":{"type":"string"}},
"series":{"type":"array","items":{"type":"string"}}}})";

std::string body_of(HttpRequest& request) {
  std::string body;
  std::vector<std::byte> piece(16384);
  while (const auto count = request.read(piece)) {
    body.append(reinterpret_cast<const char*>(piece.data()), static_cast<std::size_t>(count));
    if (body.size() > kLongestBody)
      throw Error(Code::invalid, "that is too much for one job: send it in several requests");
  }
  return body;
}

std::vector<std::string> list_of(const json::object& body, std::string_view name) {
  const auto* list = body.if_contains(name);
  return list == nullptr || list->is_null() ? std::vector<std::string>()
                                            : json::value_to<std::vector<std::string>>(*list);
}

SendParameters parse(const std::string& text) {
  SendParameters parameters;
  try {
    const auto body = json::parse(text).as_object();
    parameters.node = json::value_to<std::string>(body.at("node"));
    parameters.studies = list_of(body, "studies");
    parameters.series = list_of(body, "series");
  } catch (const std::exception&) {
    throw Error(
        Code::invalid,
        R"(the body has to be like {"node": "READING1", "studies": ["1.2.3"]}, with "series" beside or instead)");
  }
  if (parameters.studies.empty() && parameters.series.empty())
    throw Error(Code::invalid, "the request names neither studies nor series to send");
  return parameters;
}

bool has_instance(Archive& archive, const Selection& selection, std::string* study) {
  const auto cursor = archive.instances(selection);
  InstanceRecord record;
  if (!cursor->next(record)) return false;
  if (study != nullptr) *study = record.study_instance_uid;
  return true;
}

}  // namespace

void SendRoute::add_to(HttpRouter& router) {
  routes_.emplace(router).add(
      "POST", "/api/send", "studies.send",
      {.summary = "Send studies or series to a node",
       .group = "jobs",
       .body = kBody,
       .status = "202",
       .done = "The number of the job that does it",
       .answer = api::kNumberOfJob,
       .refusals = {{"400", "The request makes no sense"}, {"404", "There is no such node, study or series"}}},
      [this](auto& request, auto& response) { send(request, response); });
}

void SendRoute::send(HttpRequest& request, HttpResponse& response) {
  auto parameters = parse(body_of(request));
  check_node(parameters.node);
  for (const auto& uid : parameters.studies) check_study(request, uid);
  for (const auto& uid : parameters.series) check_series(request, uid);
  parameters.user = request.user();
  parameters.address = request.peer_address();
  const auto title = parameters.title();
  const auto text = parameters.to_json();
  const auto job = queue_.add({SendRunner::kKind, title, std::as_bytes(std::span(text)), parameters.user});
  api::answer_json(response, json::object{{"job", job}}, 202);
}

void SendRoute::check_node(const std::string& ae_title) {
  const auto cursor = nodes_.resolve(ae_title, {});
  ApplicationEntity node;
  if (!cursor->next(node))
    throw Error(Code::not_found, "There is no node " + ae_title + ". Add it with its host and port first.");
  if (node.host.empty())
    throw Error(Code::conflict, "The node " + ae_title + " has no host: nothing can be sent to it until it has one.");
}

void SendRoute::check_study(HttpRequest& request, const std::string& uid) {
  const std::string_view study = uid;
  Selection selection;
  selection.study_instance_uids = {&study, 1};
  if (uid.empty() || !request.sees_study(uid) || !has_instance(archive_, selection, nullptr))
    throw Error(Code::not_found, "There is no study " + uid + " in the archive.");
}

void SendRoute::check_series(HttpRequest& request, const std::string& uid) {
  const std::string_view series = uid;
  Selection selection;
  selection.series_instance_uids = {&series, 1};
  std::string study;
  if (uid.empty() || !has_instance(archive_, selection, &study) || !request.sees_study(study))
    throw Error(Code::not_found, "There is no series " + uid + " in the archive.");
}

}  // namespace fermata::transfers
