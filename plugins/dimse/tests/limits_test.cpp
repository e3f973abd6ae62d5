#include <catch2/catch.hpp>

#include "byte_peer.hpp"

using namespace fermata;
using namespace fermata::dimse;
using namespace fermata::dimse::testing;
using namespace std::chrono_literals;

namespace {

const std::vector<ProposedContext> kEchoOnly{{kEcho, {kImplicit}}};
const std::vector<ProposedContext> kEchoAndStore{{kEcho, {kImplicit}}, {kCt, {kImplicit}}};

bool reached(Server& server, const std::string& limit) {
  return eventually([&] { return server.log.counted("limit_" + limit + "_total") > 0; });
}

}  // namespace

TEST_CASE("one address does not take the associations of others") {
  Seats seats(5, 3);
  using Kind = Seats::Seat::Kind;
  std::vector<std::unique_ptr<Seats::Seat>> taken;
  const auto take = [&](const char* address) {
    return taken.emplace_back(std::make_unique<Seats::Seat>(seats, address))->kind();
  };
  for (int i = 0; i < 3; ++i) CHECK(take("10.0.0.1") == Kind::taken);
  CHECK(take("10.0.0.1") == Kind::none_for_address);
  CHECK(take("10.0.0.2") == Kind::taken);
  CHECK(take("10.0.0.3") == Kind::taken);
  CHECK(take("10.0.0.4") == Kind::none_left);
  taken.erase(taken.begin());
  CHECK(take("10.0.0.1") == Kind::taken);
  taken.back()->give_back();
  CHECK(take("10.0.0.1") == Kind::taken);
  taken.clear();  // what was given back is not given back again
  for (int i = 0; i < 3; ++i) CHECK(take("10.0.0.1") == Kind::taken);
  CHECK(take("10.0.0.1") == Kind::none_for_address);
}

TEST_CASE("associations of one address beyond its limit are rejected for the moment, and counted") {
  ReceptionSettings settings;
  settings.associations_per_address = 2;
  Server server(settings);
  server.start();
  Client client(as("VIEWER"));
  const auto first = client.connect(server.destination(), kEchoOnly);
  const auto second = client.connect(server.destination(), kEchoOnly);
  CHECK_THROWS_WITH(client.connect(server.destination(), kEchoOnly), Catch::Contains("(for now)"));
  CHECK(reached(server, "associations_per_address"));
  first->release();
  CHECK(serves(server));  // the answer to the release has said that there is room
  second->release();
}

TEST_CASE("whoever has released an association may open another one at once, however few there may be") {
  ReceptionSettings settings;
  settings.maximum_associations = 1;
  Server server(settings);
  server.start();
  for (int i = 0; i < 20; ++i) {
    Peer peer(server);  // stays connected, as the one who was asked to release may be slow to close
    CHECK(peer.accepted.substr(0, 1) == "\x02");
    peer.connection.say(pdu(5, std::string(4, '\0')));
    CHECK(peer.connection.hear_pdu().substr(0, 1) == "\x06");
    CHECK(serves(server));
  }
}

TEST_CASE("an association request that is longer than it may be is closed") {
  ReceptionSettings settings;
  settings.largest_request = 4096;
  Server server(settings);
  server.start();
  RawConnection peer(server.port());
  peer.say(std::string("\x01\0\0\0\x10\x01", 6));
  CHECK(peer.hear().empty());
  CHECK(reached(server, "association_request"));
  CHECK(serves(server));
}

TEST_CASE("more Presentation Contexts than there can be are rejected") {
  Server server;
  server.start();
  std::string contexts;
  for (int i = 0; i < 129; ++i)
    contexts += item(0x20, std::string(1, static_cast<char>(2 * i + 1)) + std::string(3, '\0') + item(0x30, kCt) +
                               item(0x40, kImplicit));
  RawConnection peer(server.port());
  peer.say(pdu(1, std::string("\0\x01\0\0", 4) + "FERMATA         VIEWER          " + std::string(32, '\0') +
                      item(0x10, "1.2.840.10008.3.1.1.1") + contexts +
                      item(0x50, item(0x51, big_endian(16384, 4)) + item(0x52, "1.2.3.4"))));
  CHECK(peer.hear().substr(0, 1) == "\x03");
  CHECK(reached(server, "contexts"));
  CHECK(serves(server));
}

TEST_CASE("a PDU that is longer than was offered ends the association") {
  Server server;
  server.start();
  Peer peer(server);
  peer.connection.say(std::string("\x04\0\x7f\xff\xff\xff", 6));
  CHECK(peer.connection.hear_pdu().substr(0, 1) == "\x07");
  CHECK(reached(server, "pdu"));
}

TEST_CASE("a command without end ends the association") {
  ReceptionSettings settings;
  settings.messages.command = 4096;
  Server server(settings);
  server.start();
  Peer peer(server);
  for (int i = 0; i < 10; ++i) peer.connection.say(pdu(4, pdv(1, kCommand, std::string(1000, 'x'))));
  CHECK(peer.connection.hear_pdu().substr(0, 1) == "\x07");
  CHECK(reached(server, "command"));
}

TEST_CASE("a peer that sends a message too slowly is left, however often it sends something") {
  ReceptionSettings settings;
  settings.stall_timeout = 300ms;
  settings.stall_bytes = 1000;
  Server server(settings);
  server.start();
  Peer peer(server);
  peer.connection.say(pdu(4, pdv(1, kCommandLast, store_command())));
  for (int i = 0; i < 100 && server.log.counted("limit_stall_total") == 0; ++i) {
    peer.connection.say(pdu(4, pdv(1, kData, "xx")));
    std::this_thread::sleep_for(20ms);
  }
  CHECK(server.log.counted("limit_stall_total") == 1);
  CHECK(eventually([&] { return server.archive.dropped == 1; }));
  CHECK(eventually([&] { return server.log.has("the peer sent too little in too long a time"); }));
}

TEST_CASE("a peer that is as fast as it has to be is not left, and may keep quiet between messages") {
  ReceptionSettings settings;
  settings.stall_timeout = 200ms;
  settings.stall_bytes = 1000;
  Server server(settings);
  server.start();
  Client client(as("VIEWER"));
  const auto association = client.connect(server.destination(), kEchoAndStore);
  for (uint16_t id = 1; id < 3; ++id) {
    association->send(3, store_request(kCt, "1.2." + std::to_string(id), id), 20 * 2000,
                      [](uint64_t offset, std::span<std::byte> into) {
                        if (offset > 0) std::this_thread::sleep_for(5ms);
                        return std::min<std::size_t>(into.size(), 2000);
                      });
    CHECK(association->receive(5s)->command.status() == 0);
    std::this_thread::sleep_for(500ms);
  }
  association->send(1, echo_request());
  CHECK(association->receive(5s)->command.status() == 0);
  association->release();
  CHECK(server.log.counted("limit_stall_total") == 0);
}

TEST_CASE("an association ends after its lifetime, however busy it is") {
  ReceptionSettings settings;
  settings.lifetime = 300ms;
  Server server(settings);
  server.start();
  Client client(as("VIEWER"));
  const auto association = client.connect(server.destination(), kEchoOnly);
  const auto echo_on = [&] {
    const auto end = std::chrono::steady_clock::now() + 20s;
    for (uint16_t id = 1; std::chrono::steady_clock::now() < end; ++id) {
      association->send(1, echo_request(id));
      association->receive(5s);
    }
  };
  CHECK_THROWS_AS(echo_on(), AssociationLost);
  CHECK(reached(server, "lifetime"));
  CHECK(eventually([&] { return server.log.has("it was open for as long as `timeouts.lifetime` allows"); }));
}

TEST_CASE("a peer that keeps quiet for too long is left, and counted") {
  ReceptionSettings settings;
  settings.idle_timeout = 100ms;
  Server server(settings);
  server.start();
  Peer peer(server);
  CHECK(peer.connection.hear_pdu().substr(0, 1) == "\x07");
  CHECK(reached(server, "idle"));
}
