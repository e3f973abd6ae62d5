// What a peer sends first, whatever it is: our own look at it, DCMTK's parsing of A-ASSOCIATE-RQ, the negotiation.
#include "peer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  static fermata::fuzz::ServedPeer peer;
  peer.hears({reinterpret_cast<const char*>(data), size});
  return 0;
}
