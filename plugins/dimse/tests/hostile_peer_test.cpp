#include <catch2/catch.hpp>

#include "byte_peer.hpp"

using namespace fermata;
using namespace fermata::dimse;
using namespace fermata::dimse::testing;
using namespace std::chrono_literals;

TEST_CASE("messages may be cut into PDVs and PDUs in any way, empty ones too") {
  Server server;
  server.start();
  Peer peer(server);
  REQUIRE(peer.accepted.substr(0, 1) == "\x02");
  const auto command = store_command();
  // One PDU with the command in three PDVs and the beginning of the data set; then the rest, byte by byte.
  peer.connection.say(pdu(4, pdv(1, kCommand, command.substr(0, 5)) + pdv(1, kCommand, "") +
                                 pdv(1, kCommandLast, command.substr(5)) + pdv(1, kData, "ab")));
  for (const char c : pdu(4, pdv(1, kData, "") + pdv(1, kData, "c")) + pdu(4, pdv(1, kLast, ""))) {
    peer.connection.say(std::string_view(&c, 1));
    std::this_thread::sleep_for(1ms);
  }
  const auto response = peer.connection.hear_pdu();
  REQUIRE(response.substr(0, 1) == "\x04");
  CHECK(server.archive.kept().at(0).bytes == "abc");
  peer.connection.say(pdu(5, std::string(4, '\0')));
  CHECK(peer.connection.hear_pdu().substr(0, 1) == "\x06");
}

TEST_CASE("a command may begin with an empty PDV") {
  Server server;
  server.start();
  Peer peer(server);
  const auto command = store_command();
  peer.connection.say(pdu(4, pdv(1, kCommand, "") + pdv(1, kCommandLast, command)) + pdu(4, pdv(1, kLast, "abc")));
  REQUIRE(peer.connection.hear_pdu().substr(0, 1) == "\x04");
  CHECK(server.archive.kept().at(0).bytes == "abc");
}

TEST_CASE("an association request that can't be read is answered with A-ABORT") {
  Server server;
  server.start();
  const auto good = association_request(kCt);
  auto lies = good;
  lies[6 + 68 + 2] = '\x7f';  // the length of the first item
  for (const auto& request : {pdu(1, good.substr(6, 30)), lies}) {
    RawConnection connection(server.port());
    connection.say(request);
    const auto answer = connection.hear_pdu();
    INFO(answer.size());
    CHECK((answer == pdu(7, std::string("\0\0\2\6", 4)) || answer[0] == 3));
  }
  CHECK(serves(server));
}

TEST_CASE("whoever breaks the protocol is aborted, and nobody else notices") {
  Server server;
  server.start();
  const auto command = store_command();
  const auto begun = pdu(4, pdv(1, kCommandLast, command));
  struct Row {
    const char* what;
    std::string bytes;
  };
  const std::vector<Row> rows = {
      {"a PDU without a PDV", pdu(4, "")},
      {"a PDV without its header", pdu(4, big_endian(1, 4) + "x")},
      {"a PDV that is longer than its PDU", pdu(4, big_endian(5000, 4) + std::string("\1\3", 2) + "x")},
      {"a PDV of nearly 4 GiB", pdu(4, big_endian(0xfffffff0u, 4) + std::string("\1\3", 2) + "x")},
      {"a PDU that is longer than was agreed", std::string("\4\0\1\0\0\0", 6)},
      {"a PDU type that does not exist", pdu(9, "abcd")},
      {"a second association request", association_request(kCt)},
      {"a data set without a command", pdu(4, pdv(1, kLast, "abc"))},
      {"a command that is none", pdu(4, pdv(1, kCommandLast, "this is not a command"))},
      {"an empty command", pdu(4, pdv(1, kCommandLast, ""))},
      {"a command on two contexts", pdu(4, pdv(1, kCommand, command.substr(0, 5)) + pdv(3, kCommandLast, "x"))},
      {"a command where a data set is due", begun + begun},
      {"a data set on another context", begun + pdu(4, pdv(3, kLast, "abc"))},
      {"a context that was not accepted", pdu(4, pdv(7, kCommandLast, encoded(echo_request())))},
      {"a release in the middle of an object", begun + pdu(5, std::string(4, '\0'))},
      {"a release in the middle of a command", pdu(4, pdv(1, kCommand, "abc")) + pdu(5, std::string(4, '\0'))},
  };
  for (const auto& row : rows) {
    INFO(row.what);
    Peer peer(server);
    REQUIRE(peer.accepted.substr(0, 1) == "\x02");
    peer.connection.say(row.bytes);
    const auto heard = peer.connection.hear();  // until it is closed
    CHECK((heard.empty() || heard[0] == 7));
  }
  CHECK(server.archive.kept().empty());
  CHECK(eventually([&] { return server.archive.begun == server.archive.dropped; }));
  CHECK(serves(server));
}

TEST_CASE("A-ABORT says what was wrong with a PDU") {
  Server server;
  server.start();
  struct Row {
    const char* what;
    std::string bytes;
    char source;
    char reason;
  };
  const std::vector<Row> rows = {
      {"a type that does not exist", pdu(9, "abcd"), 2, 1},
      {"a type that is for another moment", association_request(kCt), 2, 2},
      {"PDVs that do not add up", pdu(4, ""), 2, 6},
      {"a length that was not agreed", std::string("\4\0\1\0\0\0", 6), 2, 6},
      {"nothing: it is the command that makes no sense", pdu(4, pdv(1, kCommandLast, "")), 0, 0},
  };
  for (const auto& row : rows) {
    INFO(row.what);
    Peer peer(server);
    peer.connection.say(row.bytes);
    CHECK(peer.connection.hear_pdu() == pdu(7, std::string{'\0', '\0', row.source, row.reason}));
  }
}

TEST_CASE("a command without end is given up") {
  Server server;
  server.start();
  Peer peer(server);
  const auto piece = pdu(4, pdv(1, kCommand, std::string(100000, 'x')));
  for (int i = 0; i < 30; ++i) peer.connection.say(piece);
  CHECK(peer.connection.hear().substr(0, 1).find_first_not_of('\x07') == std::string::npos);
  CHECK(eventually([&] { return server.log.has("a command without end"); }));
}

TEST_CASE("a peer that keeps quiet is aborted when its time is up, between messages and inside of them") {
  ReceptionSettings settings;
  settings.idle_timeout = 200ms;
  Server server(settings);
  server.start();
  for (const auto& beginning : {std::string(), pdu(4, pdv(1, kCommandLast, store_command()) + pdv(1, kData, "abc")),
                                pdu(4, pdv(1, kCommandLast, store_command())).substr(0, 30)}) {
    Peer peer(server);
    peer.connection.say(beginning);
    const auto start = std::chrono::steady_clock::now();
    peer.connection.hear();
    const auto took = std::chrono::steady_clock::now() - start;
    CHECK(took > 100ms);
    CHECK(took < 4s);
  }
  CHECK(eventually([&] { return server.log.has("the peer kept quiet for too long"); }));
  CHECK(eventually([&] { return server.archive.begun == 1 && server.archive.dropped == 1; }));
}

TEST_CASE("association requests cut short or altered anywhere do no harm") {
  Server server;
  server.start();
  const auto good = association_request(kCt);
  unsigned seed = 7;
  for (int round = 0; round < 300; ++round) {
    auto request = good;
    for (int change = 0; change < 3; ++change) {
      seed = seed * 1103515245 + 12345;
      request[6 + (seed >> 8) % (request.size() - 6)] = static_cast<char>(seed >> 20);
    }
    RawConnection connection(server.port());
    connection.say(request);
    const auto answer = connection.hear_pdu();
    CHECK((answer.empty() || answer[0] == 2 || answer[0] == 3 || answer[0] == 7));
  }
  CHECK(serves(server));
}
