// What a peer sends on an association that was accepted: PDUs, PDVs, commands, data sets, for every service.
#include "peer.hpp"
#include "raw_connection.hpp"

using namespace fermata::dimse::testing;

namespace {

std::string context(char id, std::string_view abstract, std::string_view transfer) {
  return item(0x20, std::string{id, 0, 0, 0} + item(0x30, abstract) + item(0x40, transfer));
}

/// Of VIEWER, for echo, store, find, move and get; the last with the role of an SCP for what it gets.
std::string request() {
  const std::string ct(kCt);
  const auto role = item(0x54, big_endian(ct.size(), 2) + ct + "\1\1");
  const auto user = item(0x50, item(0x51, big_endian(16384, 4)) + item(0x52, "1.2.3.4") + role);
  return pdu(1, std::string("\0\x01\0\0", 4) + "FERMATA         VIEWER          " + std::string(32, '\0') +
                    item(0x10, "1.2.840.10008.3.1.1.1") + context(1, kEcho, kImplicit) + context(3, kCt, kExplicit) +
                    context(5, kStudyRootFind, kImplicit) + context(7, kStudyRootFind, kExplicit) +
                    context(9, kStudyRootMove, kImplicit) + context(11, kStudyRootGet, kExplicit) + user);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  static fermata::fuzz::ServedPeer peer;
  static const std::string accepted = request();
  peer.hears(accepted + std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
