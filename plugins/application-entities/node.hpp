#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/application_entities.hpp"

namespace fermata::application_entities {

inline constexpr uint16_t kDicomPort = 104;  ///< PS3.8 9.1.1
inline constexpr std::string_view kFromConfiguration = "configuration";
inline constexpr std::string_view kFromAdministrator = "administrator";
inline constexpr std::string_view kFromCaller = "caller";
inline constexpr std::string_view kFromDiscovery = "discovered";

/// A DICOM node with memory of its own: what ApplicationEntity only views.
struct Node {
  std::string ae_title;
  std::string host;  ///< empty: it can't be reached
  uint16_t port = kDicomPort;
  Rights rights = kMayEverything;
  bool tls = false;
  bool any_address = false;
  std::string description;
  std::vector<std::string> preferred_transfer_syntaxes;  ///< UIDs
  std::string origin = std::string(kFromConfiguration);
  int64_t last_seen_us = 0;   ///< only in what is handed out
  std::string certificate{};  ///< SHA-256 fingerprint, or subject; empty: any that is trusted
  bool user_required = false;
};

/// The node with its AE title trimmed, its transfer syntaxes as UIDs, and its certificate in one form; with a
/// certificate, it demands TLS.
/// **Errors**: invalid, naming the node, the field and what to write.
Node checked(Node node);

/// Copies what an ApplicationEntity views.
Node to_node(const ApplicationEntity& entity);

/// One of echo, store, query, retrieve. **Errors**: invalid.
Rights right_named(std::string_view name);
/// "echo store query retrieve", as far as they are in the set.
std::string names_of(Rights rights);

}  // namespace fermata::application_entities
