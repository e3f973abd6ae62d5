#include <catch2/catch.hpp>

#include "fakes.hpp"
#include "raw_connection.hpp"

using namespace fermata;
using namespace fermata::dimse;
using namespace fermata::dimse::testing;
using namespace std::chrono_literals;

namespace {

constexpr const char* kFind = "1.2.840.10008.5.1.4.1.2.2.1";
constexpr const char* kGet = "1.2.840.10008.5.1.4.1.2.2.3";

/// Tells what its context says.
class Listener : public Service {
 public:
  std::atomic<int> heard{-1};
  void handle(Session& session, const Message& message) override {
    const auto& context = *session.association.context(message.context_id);
    heard = (context.relational ? 1 : 0) + (context.combined_date_time ? 2 : 0) + (context.peer_is_scp ? 4 : 0);
    session.association.send(message.context_id, CommandSet::response_to(message.command, 0));
  }
};

struct Scene {
  Scene() {
    server.classes.add(kFind, kMayQuery, listener);
    server.classes.add(kGet, kMayRetrieve, listener);
    server.start();
  }
  /// The answer to the request, and what the service saw.
  std::string associate(const char* sop_class, const std::string& more) {
    RawConnection connection(server.port());
    connection.say(association_request(sop_class, more));
    const auto answer = connection.hear_pdu();
    const auto bytes = echo_request().encode();
    connection.say(pdu(4, pdv(1, 3, {reinterpret_cast<const char*>(bytes.data()), bytes.size()})));
    connection.hear_pdu();
    return answer;
  }
  Server server;
  Listener listener;
};

std::string sop_class_item(char type, std::string_view uid, std::string_view information) {
  return item(type, big_endian(uid.size(), 2) + std::string(uid) + std::string(information));
}

}  // namespace

TEST_CASE("relational queries and combined date and time matching are agreed to when they are proposed") {
  Scene scene;
  const auto proposed = sop_class_item(0x56, kFind, std::string("\1\1\1\1\0", 5));
  const auto answer = scene.associate(kFind, proposed);
  CHECK(answer.find(sop_class_item(0x56, kFind, std::string("\1\1\0\0\0", 5))) != std::string::npos);
  CHECK(scene.listener.heard == 3);
}

TEST_CASE("what was not proposed is not agreed to") {
  Scene scene;
  CHECK(scene.associate(kFind, {}).find(std::string("\x56\0", 2)) == std::string::npos);
  CHECK(scene.listener.heard == 0);
  const auto answer = scene.associate(kFind, sop_class_item(0x56, kFind, std::string("\0\1", 2)));
  CHECK(answer.find(sop_class_item(0x56, kFind, std::string("\0\1", 2))) != std::string::npos);
  CHECK(scene.listener.heard == 2);
  // Date and time are a matter of queries: for retrievals the second byte means something else.
  const auto retrieve = scene.associate(kGet, sop_class_item(0x56, kGet, std::string("\1\1", 2)));
  CHECK(retrieve.find(sop_class_item(0x56, kGet, std::string("\1\0", 2))) != std::string::npos);
  CHECK(scene.listener.heard == 1);
}

TEST_CASE("a role is answered only to those that propose one") {
  Scene scene;
  RawConnection without(scene.server.port());
  without.say(association_request(kCt));
  CHECK(without.hear_pdu().find(std::string("\x54\0", 2)) == std::string::npos);

  RawConnection with(scene.server.port());
  with.say(association_request(kCt, sop_class_item(0x54, kCt, std::string("\0\1", 2))));
  CHECK(with.hear_pdu().find(sop_class_item(0x54, kCt, std::string("\0\1", 2))) != std::string::npos);
}

TEST_CASE("a user identity is passed over") {
  Scene scene;
  RawConnection connection(scene.server.port());
  connection.say(association_request(kCt, item(0x58, std::string("\2\1\0\4user\0\6secret", 16))));
  const auto answer = connection.hear_pdu();
  CHECK(answer.substr(0, 1) == "\x02");
  CHECK(answer.find("\x59") == std::string::npos);
}

TEST_CASE("asynchronous operations and unknown items are passed over") {
  Scene scene;
  RawConnection connection(scene.server.port());
  connection.say(association_request(kCt, item(0x53, std::string("\0\4\0\4", 4)) + item(0x5f, "anything")));
  CHECK(connection.hear_pdu().substr(0, 1) == "\x02");
}
