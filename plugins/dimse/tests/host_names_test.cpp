#include <dlfcn.h>
#include <netdb.h>
#include <sys/socket.h>

#include <atomic>
#include <catch2/catch.hpp>

#include "byte_peer.hpp"

using namespace fermata::dimse::testing;

namespace {

std::atomic<int> names_asked_for{0};

}  // namespace

/// In place of the C library's, for all libraries of this program: a name would have to come from a DNS server.
extern "C" [[gnu::visibility("default")]] int getnameinfo(const sockaddr* address, socklen_t length, char* host,
                                                          socklen_t host_size, char* service, socklen_t service_size,
                                                          int flags) {
  if (host != nullptr && (flags & NI_NUMERICHOST) == 0) {
    ++names_asked_for;
    return EAI_FAIL;
  }
  static const auto original = reinterpret_cast<decltype(&getnameinfo)>(::dlsym(RTLD_NEXT, "getnameinfo"));
  return original(address, length, host, host_size, service, service_size, flags);
}

TEST_CASE("nobody waits until the name of a peer's address has been looked up") {
  Server server;
  server.start();
  CHECK(serves(server));
  CHECK(names_asked_for == 0);
}
