#pragma once
#include <string>
#include <string_view>

namespace fermata::application_entities {

/// How a node names its certificate: the SHA-256 fingerprint as 64 lower-case hexadecimal digits, or the subject. Takes
/// both as openssl prints them, with their label, and fingerprints with colons.
/// **Errors**: invalid, naming the node.
std::string checked_certificate_name(std::string_view ae_title, std::string_view name);

}  // namespace fermata::application_entities
