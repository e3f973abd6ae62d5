#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "fermata/application_entities.hpp"

namespace fermata::admin {

/// A node with memory of its own, on its way into ApplicationEntities.
struct NodeDraft {
  std::string ae_title;
  std::string host;
  uint16_t port = 104;
  Rights rights = kMayEverything;
  bool tls = false;
  bool any_address = false;
  std::string description;
  std::vector<std::string> preferred_transfer_syntaxes;
  std::string certificate;
  bool user_required = false;

  static NodeDraft of(const ApplicationEntity& node) {
    return {std::string(node.ae_title),
            std::string(node.host),
            node.port,
            node.rights,
            node.tls,
            node.any_address,
            std::string(node.description),
            {node.preferred_transfer_syntaxes.begin(), node.preferred_transfer_syntaxes.end()},
            std::string(node.certificate),
            node.user_required};
  }
  /// **Errors**: those of ApplicationEntities::put.
  void put_into(ApplicationEntities& entities) const {
    const std::vector<std::string_view> syntaxes(preferred_transfer_syntaxes.begin(),
                                                 preferred_transfer_syntaxes.end());
    ApplicationEntity node;
    node.ae_title = ae_title;
    node.host = host;
    node.port = port;
    node.rights = rights;
    node.tls = tls;
    node.any_address = any_address;
    node.description = description;
    node.preferred_transfer_syntaxes = syntaxes;
    node.certificate = certificate;
    node.user_required = user_required;
    entities.put(node);
  }
};

}  // namespace fermata::admin
