#include "nodes_command.hpp"

#include <string>
#include <vector>

#include "fermata/error.hpp"
#include "fermata/text_table.hpp"
#include "fermata/timestamp.hpp"
#include "node.hpp"
#include "node_list.hpp"

namespace fermata::application_entities {
namespace {

constexpr const char* kUsage =
    "fermata nodes                          show nodes and refused callers\n"
    "fermata nodes add TITLE@host:port      add a node with all rights, or change it\n"
    "fermata nodes remove TITLE             remove a node\n"
    "fermata nodes forget TITLE address     forget a refused caller";

std::string endpoint(const ApplicationEntity& entity) {
  if (entity.host.empty()) return "-";
  const std::string host(entity.host);
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return (is_ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(entity.port);
}

std::string conditions(const ApplicationEntity& entity) {
  std::string out = entity.any_address ? "any address" : "";
  const auto add = [&](std::string_view condition) { out.append(out.empty() ? "" : ", ").append(condition); };
  if (entity.tls) add(entity.certificate.empty() ? "TLS" : "TLS with its certificate");
  if (entity.user_required) add("a user");
  return out.empty() ? "-" : out;
}

}  // namespace

std::string_view NodesCommand::usage() { return kUsage; }

int32_t NodesCommand::run_at(Console& console, std::span<const std::string_view> arguments) {
  ConsoleStream out(console);
  const auto is = [&](std::string_view verb, std::size_t count) {
    return arguments.size() == count && arguments.front() == verb;
  };
  if (arguments.empty() || is("list", 1))
    show(out);
  else if (is("add", 2))
    add(arguments[1]);
  else if (is("remove", 2))
    entities_.remove(arguments[1]);
  else if (is("forget", 3))
    entities_.forget_refused(arguments[1], arguments[2]);
  else
    throw Error(Code::invalid, std::string("usage:\n") + kUsage);
  return 0;
}

void NodesCommand::show(std::ostream& out) {
  show_nodes(out);
  out << '\n';
  show_refused(out);
}

void NodesCommand::show_nodes(std::ostream& out) {
  TextTable table({"AE title", "Reached at", "May", "Conditions", "From", "Description"});
  const auto cursor = entities_.list();
  for (ApplicationEntity e; cursor->next(e);)
    table.add({std::string(e.ae_title), endpoint(e), names_of(e.rights), conditions(e), std::string(e.origin),
               std::string(e.description)});
  out << "Nodes\n";
  table.print(out);
}

void NodesCommand::show_refused(std::ostream& out) {
  TextTable table({"AE title", "Address", "Called", "Times", "Last", "Wanted", "Refused because"});
  const auto cursor = entities_.refused();
  for (RefusedCaller r; cursor->next(r);)
    table.add({std::string(r.calling_ae_title), std::string(r.address), std::string(r.called_ae_title),
               std::to_string(r.times), utc_text(r.last_us), std::string(r.wanted), std::string(r.reason)});
  out << "Refused callers, latest first\n";
  table.print(out);
}

void NodesCommand::add(std::string_view entry) {
  for (const auto& node : parse_node_list(entry)) {
    ApplicationEntity entity;
    entity.ae_title = node.ae_title;
    entity.host = node.host;
    entity.port = node.port;
    entity.rights = node.rights;
    entities_.put(entity);
  }
}

}  // namespace fermata::application_entities
