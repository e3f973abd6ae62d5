#pragma once
#include <string_view>

#include "ip_address.hpp"

namespace fermata::application_entities {

/// A range of addresses in CIDR notation: `192.168.0.0/24`, `::1/128`; an address alone is a network of one.
///
/// IPv4 addresses belong to IPv4 networks only, so that `::/0` does not take them in unawares.
class Network {
 public:
  /// **Errors**: invalid, saying what to write instead.
  static Network parse(std::string_view cidr);

  bool contains(const IpAddress& address) const;

 private:
  Network(const IpAddress& base, unsigned prefix) : base_(base), prefix_(prefix) {}

  IpAddress base_;
  unsigned prefix_;  ///< of 128 bits, for IPv4 as well
};

}  // namespace fermata::application_entities
