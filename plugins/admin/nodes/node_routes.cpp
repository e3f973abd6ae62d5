#include "nodes/node_routes.hpp"

#include <set>
#include <vector>

#include "fermata/query_parameters.hpp"
#include "json_body.hpp"
#include "nodes/node_draft.hpp"
#include "nodes/node_record.hpp"

namespace fermata::admin {
namespace json = boost::json;
namespace {

constexpr std::string_view kGroup = "nodes";
constexpr std::string_view kNode =
    R"({"type":"object","properties":{"host":{"type":"string"},"port":{"type":"integer"},)"
    R"("rights":{"type":"array","items":{"enum":["echo","store","query","retrieve"]}},"tls":{"type":"boolean"},)"
    R"("any_address":{"type":"boolean"},"description":{"type":"string"},"certificate":{"type":"string"},)"
    R"("user_required":{"type":"boolean"},)"
    R"("preferred_transfer_syntaxes":{"type":"array","items":{"type":"string"}}}})";
constexpr std::string_view kAdmission =
    R"({"type":"object","required":["ae_title","address"],"properties":{"ae_title":{"type":"string"},)"
    R"("address":{"type":"string"},"port":{"type":"integer"},)"
    R"("rights":{"type":"array","items":{"enum":["echo","store","query","retrieve"]}}}})";
/// On which viewers listen; modalities mostly take no associations.
constexpr uint16_t kViewerPort = 11112;

void answer_nothing(HttpResponse& response) { response.status(204); }

}  // namespace

void NodeRoutes::add_to(api::Routes& routes) {
  add_node_routes(routes);
  add_caller_routes(routes);
  routes.add("GET", "/api/stations", "nodes.read",
             {.summary = "DICOM stations that announce themselves on the network", .group = kGroup},
             [this](auto&, auto& response) { stations(response); });
}

void NodeRoutes::add_node_routes(api::Routes& routes) {
  routes.add("GET", "/api/nodes", "nodes.read", {.summary = "DICOM nodes", .group = kGroup},
             [this](auto&, auto& response) { list(response); });
  routes.add("PUT", "/api/nodes/{ae_title}", "nodes.manage",
             {.summary = "Add a node, or change it", .group = kGroup, .body = kNode},
             [this](auto& request, auto& response) { put(request, response); });
  routes.add("DELETE", "/api/nodes/{ae_title}", "nodes.manage",
             {.summary = "Remove a node", .group = kGroup, .status = "204", .answer_type = {}},
             [this](auto& request, auto& response) { remove(request, response); });
  routes.add("POST", "/api/nodes/{ae_title}/echo", "nodes.read",
             {.summary = "Verify the connection to a node (C-ECHO)", .group = kGroup},
             [this](auto& request, auto& response) { echo(request, response); });
}

void NodeRoutes::add_caller_routes(api::Routes& routes) {
  routes.add("GET", "/api/knocking", "nodes.read",
             {.summary = "Who has called and was refused, latest first", .group = kGroup},
             [this](auto&, auto& response) { knocking(response); });
  routes.add("POST", "/api/knocking/admit", "nodes.manage",
             {.summary = "Make a node of somebody who was refused, with what it wanted unless rights are given",
              .group = kGroup,
              .body = kAdmission,
              .status = "201"},
             [this](auto& request, auto& response) { admit(request, response); });
  routes.add("DELETE", "/api/knocking", "nodes.manage",
             {.summary = "Forget somebody who was refused",
              .group = kGroup,
              .parameters = {{"ae_title", "who it called itself", true}, {"address", "where it called from", true}},
              .status = "204",
              .answer_type = {}},
             [this](auto& request, auto& response) { forget(request, response); });
}

json::object NodeRoutes::shown(const ApplicationEntity& node) const {
  auto object = node_object(node);
  const auto echo = echo_ == nullptr ? std::nullopt : echo_->last(node.ae_title);
  if (echo)
    object["last_echo"] = {{"ok", echo->ok}, {"time", time_value(echo->time_us)}, {"message", utf8(echo->message)}};
  else
    object["last_echo"] = nullptr;
  return object;
}

std::optional<json::object> NodeRoutes::find(std::string_view ae_title) const {
  const auto nodes = entities_.list();
  for (ApplicationEntity node; nodes->next(node);)
    if (node.ae_title == ae_title) return shown(node);
  return {};
}

void NodeRoutes::list(HttpResponse& response) const {
  json::array items;
  const auto nodes = entities_.list();
  for (ApplicationEntity node; nodes->next(node);) items.push_back(shown(node));
  answer_items(response, std::move(items));
}

void NodeRoutes::put(HttpRequest& request, HttpResponse& response) {
  const auto body = read_object(request);
  NodeDraft node;
  node.ae_title = request.parameter("ae_title");
  node.host = string_member(body, "host");
  node.port = port_member(body, "port").value_or(node.port);
  if (const auto rights = strings_member(body, "rights")) node.rights = rights_named(*rights);
  node.tls = bool_member(body, "tls", false);
  node.any_address = bool_member(body, "any_address", false);
  node.description = string_member(body, "description");
  node.certificate = string_member(body, "certificate");
  node.user_required = bool_member(body, "user_required", false);
  node.preferred_transfer_syntaxes =
      strings_member(body, "preferred_transfer_syntaxes").value_or(std::vector<std::string>{});
  node.put_into(entities_);
  audit_.success(request, audit::kNodeChanged, node.ae_title, "put: " + node.host + ":" + std::to_string(node.port));
  answer_json(response, find(node.ae_title).value_or(json::object{}));
}

void NodeRoutes::remove(HttpRequest& request, HttpResponse& response) {
  const std::string title(request.parameter("ae_title"));
  entities_.remove(title);
  if (echo_ != nullptr) echo_->forget(title);
  audit_.success(request, audit::kNodeChanged, title, "removed");
  answer_nothing(response);
}

void NodeRoutes::echo(HttpRequest& request, HttpResponse& response) const {
  if (echo_ == nullptr)
    throw Error(Code::unsupported, "nobody here can call other nodes: switch on the plugin `dimse`");
  const std::string title(request.parameter("ae_title"));
  if (!find(title)) throw Error(Code::not_found, "there is no such node");
  const auto result = echo_->run(title);
  answer_json(
      response,
      json::object{{"ok", result.ok}, {"milliseconds", result.milliseconds}, {"message", utf8(result.message)}});
}

void NodeRoutes::knocking(HttpResponse& response) const {
  json::array items;
  const auto callers = entities_.refused();
  for (RefusedCaller caller; callers->next(caller);)
    items.push_back(json::object{{"ae_title", utf8(caller.calling_ae_title)},
                                 {"called_ae_title", utf8(caller.called_ae_title)},
                                 {"address", utf8(caller.address)},
                                 {"wanted", utf8(caller.wanted)},
                                 {"reason", utf8(caller.reason)},
                                 {"first", time_value(caller.first_us)},
                                 {"last", time_value(caller.last_us)},
                                 {"times", caller.times}});
  answer_items(response, std::move(items));
}

std::string NodeRoutes::wanted_by(std::string_view ae_title, std::string_view address) const {
  const auto callers = entities_.refused();
  for (RefusedCaller caller; callers->next(caller);)
    if (caller.calling_ae_title == ae_title && caller.address == address) return std::string(caller.wanted);
  throw Error(Code::not_found, "nobody of this AE title and address was refused lately: load the list again");
}

void NodeRoutes::admit(HttpRequest& request, HttpResponse& response) {
  const auto body = read_object(request);
  const auto title = string_member(body, "ae_title");
  const auto address = string_member(body, "address");
  const auto wanted = rights_wanted(wanted_by(title, address));
  NodeDraft draft;
  draft.ae_title = title;
  draft.port = kViewerPort;
  draft.rights = 0;
  // One that is known has moved: what else is known of it stays.
  const auto nodes = entities_.list();
  for (ApplicationEntity node; nodes->next(node);)
    if (node.ae_title == title) draft = NodeDraft::of(node);
  draft.host = address;
  draft.port = port_member(body, "port").value_or(draft.port);
  const auto rights = strings_member(body, "rights");
  draft.rights = rights ? rights_named(*rights) : draft.rights | wanted;
  draft.put_into(entities_);
  entities_.forget_refused(title, address);
  audit_.success(request, audit::kNodeChanged, title, "admitted: " + address + ":" + std::to_string(draft.port));
  answer_json(response, find(title).value_or(json::object{}), 201);
}

void NodeRoutes::forget(HttpRequest& request, HttpResponse& response) {
  const QueryParameters parameters(request.query());
  entities_.forget_refused(parameters.value("ae_title"), parameters.value("address"));
  answer_nothing(response);
}

void NodeRoutes::stations(HttpResponse& response) const {
  if (stations_ == nullptr)
    throw Error(Code::unsupported, "nobody here watches the network for stations: switch on the plugin `discovery`");
  std::set<std::string, std::less<>> known;
  const auto nodes = entities_.list();
  for (ApplicationEntity node; nodes->next(node);) known.emplace(node.ae_title);
  json::array items;
  const auto stations = stations_->list();
  for (Station station; stations->next(station);)
    items.push_back(json::object{{"ae_title", utf8(station.ae_title)},
                                 {"address", utf8(station.address)},
                                 {"host", utf8(station.host)},
                                 {"port", station.port},
                                 {"description", utf8(station.description)},
                                 {"known", known.count(station.ae_title) != 0}});
  answer_json(response, json::object{{"items", std::move(items)}, {"problem", utf8(stations_->problem())}});
}

}  // namespace fermata::admin
