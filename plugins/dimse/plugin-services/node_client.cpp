#include "plugin-services/node_client.hpp"

#include <string>
#include <vector>

#include "fermata/dicom/transfer_syntax.hpp"
#include "fermata/error.hpp"
#include "plugin-services/opened_association.hpp"

namespace fermata::dimse {
namespace {

struct Node {
  Destination destination;
  std::vector<std::string> preferred_transfer_syntaxes;
};

Node resolve(ApplicationEntities& application_entities, const DimseDestination& wanted) {
  Caller caller;
  if (!wanted.caller_address.empty()) caller = {wanted.ae_title, wanted.calling_ae_title, wanted.caller_address, false};
  const std::string ae_title(wanted.ae_title);
  const auto cursor = application_entities.resolve(ae_title, caller);
  ApplicationEntity node;
  if (!cursor->next(node))
    throw Error(Code::not_found, "there is no node " + ae_title + ": add it with its host and port");
  if (node.host.empty())
    throw Error(Code::not_found, "the node " + ae_title + " can't be reached: add its host and port");
  return {{ae_title, std::string(node.host), node.port, node.tls, std::string(node.certificate)},
          {node.preferred_transfer_syntaxes.begin(), node.preferred_transfer_syntaxes.end()}};
}

Role role_of(DimseRole role) {
  switch (role) {
    case DimseRole::scp:
      return Role::scp;
    case DimseRole::both:
      return Role::both;
    default:
      return Role::standard;
  }
}

std::vector<ProposedContext> proposed(std::span<const DimseContext> contexts) {
  std::vector<ProposedContext> list;
  for (const auto& context : contexts) {
    auto& added = list.emplace_back();
    added.abstract_syntax = context.abstract_syntax;
    added.transfer_syntaxes.assign(context.transfer_syntaxes.begin(), context.transfer_syntaxes.end());
    if (added.transfer_syntaxes.empty())
      added.transfer_syntaxes = {std::string(dicom::transfer_syntax::kExplicitLittleEndian),
                                 std::string(dicom::transfer_syntax::kImplicitLittleEndian)};
    added.role = role_of(context.role);
  }
  return list;
}

std::vector<std::string> received(std::span<const DimseContext> contexts) {
  std::vector<std::string> sop_classes;
  for (const auto& context : contexts)
    if (context.role != DimseRole::scu) sop_classes.emplace_back(context.abstract_syntax);
  return sop_classes;
}

}  // namespace

std::unique_ptr<DimseAssociation> NodeClient::open(const DimseDestination& destination,
                                                   std::span<const DimseContext> contexts) {
  auto node = resolve(application_entities_, destination);
  auto association = client_.connect(node.destination, proposed(contexts), destination.calling_ae_title);
  return std::make_unique<OpenedAssociation>(
      std::move(association), node.destination,
      ObjectSource{&archive_, transcoder_, std::move(node.preferred_transfer_syntaxes)},
      ObjectTarget{storage_, received(contexts)});
}

}  // namespace fermata::dimse
