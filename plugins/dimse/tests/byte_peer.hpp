#pragma once
#include <string>

#include "fakes.hpp"
#include "raw_connection.hpp"

namespace fermata::dimse::testing {

inline constexpr char kCommand = 1;
inline constexpr char kData = 0;
inline constexpr char kLast = 2;
inline constexpr char kCommandLast = kCommand | kLast;

inline std::string encoded(const CommandSet& command) {
  const auto bytes = command.encode();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline std::string store_command() {
  auto command = store_request(kCt, "1.2.3");
  command.set_has_data_set(true);
  return encoded(command);
}

/// An association for CT Image Storage on context 1.
struct Peer {
  explicit Peer(Server& server) : connection(server.port()) {
    connection.say(association_request(kCt));
    accepted = connection.hear_pdu();
  }
  RawConnection connection;
  std::string accepted;
};

inline bool serves(Server& server) {
  Client client(as("VIEWER"));
  const auto association = client.connect(server.destination(), std::vector<ProposedContext>{{kEcho, {kImplicit}}});
  association->send(1, echo_request());
  const bool answered = association->receive(std::chrono::seconds(5))->command.status() == 0;
  association->release();
  return answered;
}

}  // namespace fermata::dimse::testing
