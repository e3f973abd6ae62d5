#include "association.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <future>

#include "fakes.hpp"
#include "status.hpp"

using namespace fermata;
using namespace fermata::dimse;
using namespace fermata::dimse::testing;
using namespace std::chrono_literals;

namespace {

constexpr const char* kFind = "1.2.840.10008.5.1.4.1.2.2.1";

CommandSet find_request(uint16_t message_id) {
  CommandSet command;
  command.set_u16(element::kCommandField, field::kFind);
  command.set_u16(element::kMessageId, message_id);
  command.set_text(element::kAffectedSopClassUid, kFind);
  return command;
}

CommandSet cancel_request(uint16_t message_id) {
  CommandSet command;
  command.set_u16(element::kCommandField, field::kCancel);
  command.set_u16(element::kMessageIdRespondedTo, message_id);
  return command;
}

/// Runs what a test wants as a service, on the association's thread.
class Act : public Service {
 public:
  std::function<void(Session&, const Message&)> act;
  void handle(Session& session, const Message& message) override { act(session, message); }
};

struct Scene {
  explicit Scene(ReceptionSettings settings = {}) : server(std::move(settings)) {
    server.classes.add(kFind, kMayQuery, service);
    server.start();
    association = client.connect(server.destination(), std::vector<ProposedContext>{{kFind, {kExplicit}}});
  }
  Server server;
  Act service;
  Client client{as("VIEWER")};
  std::unique_ptr<Association> association;
};

void answer(Session& session, const Message& message, uint16_t status) {
  session.association.send(message.context_id, CommandSet::response_to(message.command, status));
}

}  // namespace

TEST_CASE("a cancel request is seen while answers are being sent") {
  Scene scene;
  scene.service.act = [](Session& session, const Message& message) {
    session.association.receive_data_set(1000);
    int sent = 0;
    while (!session.association.cancelled(message.command.message_id())) {
      auto pending = CommandSet::response_to(message.command, status::kPending);
      session.association.send(message.context_id, pending, bytes("answer"));
      ++sent;
    }
    answer(session, message, sent > 0 ? status::kCancelled : status::kSuccess);
  };
  scene.association->send(1, find_request(5), bytes("query"));
  CHECK(scene.association->receive(5s)->command.status() == status::kPending);
  scene.association->send(1, cancel_request(4));  // of something else
  CHECK(scene.association->receive(5s)->command.status() == status::kPending);
  scene.association->send(1, cancel_request(5));
  uint16_t last = status::kPending;
  while (last == status::kPending) last = scene.association->receive(5s)->command.status();
  CHECK(last == status::kCancelled);
  scene.association->release();
}

TEST_CASE("a cancel request of an earlier message with the same identifier has no effect") {
  Scene scene;
  scene.service.act = [](Session& session, const Message& message) {
    answer(session, message,
           session.association.cancelled(message.command.message_id()) ? status::kCancelled : status::kSuccess);
  };
  scene.association->send(1, cancel_request(5));
  scene.association->send(1, find_request(5), bytes("query"));
  CHECK(scene.association->receive(5s)->command.status() == status::kSuccess);
}

TEST_CASE("looking for a cancel request loses no other message") {
  Scene scene;
  std::promise<void> both_sent;
  std::atomic<bool> mistaken{false};
  scene.service.act = [&](Session& session, const Message& message) {
    session.association.receive_data_set(std::size_t{1000});
    if (message.command.message_id() == 1) {
      both_sent.get_future().wait();
      std::this_thread::sleep_for(20ms);
      for (int i = 0; i < 3; ++i) mistaken = mistaken || session.association.cancelled(1);
    }
    answer(session, message, status::kSuccess);
  };
  scene.association->send(1, find_request(1), bytes("query"));
  scene.association->send(1, find_request(2), bytes("another query"));
  both_sent.set_value();
  CHECK(scene.association->receive(5s)->command.message_id_responded_to() == 1);
  CHECK(scene.association->receive(5s)->command.message_id_responded_to() == 2);
  CHECK_FALSE(mistaken);
}

TEST_CASE("a peer that is gone counts as a cancel request") {
  Scene scene;
  std::promise<bool> seen;
  scene.service.act = [&](Session& session, const Message& message) {
    session.association.receive_data_set(1000);
    answer(session, message, status::kPending);
    seen.set_value(eventually([&] { return session.association.cancelled(message.command.message_id()); }));
    answer(session, message, status::kCancelled);
  };
  const bool politely = GENERATE(true, false);
  scene.association->send(1, find_request(1), bytes("query"));
  scene.association->receive(5s);
  if (politely)
    scene.association->abort();
  else
    scene.association->abort_soon();
  CHECK(seen.get_future().get());
}

TEST_CASE("a data set that the service leaves is dropped, and one that is too long is refused") {
  Scene scene;
  scene.service.act = [](Session& session, const Message& message) {
    if (message.command.message_id() == 2) session.association.receive_data_set(std::size_t{100});
    answer(session, message, status::kSuccess);
  };
  const std::string large(300000, 'x');
  scene.association->send(1, find_request(1), bytes(large));
  CHECK(scene.association->receive(5s)->command.status() == status::kSuccess);
  scene.association->send(1, find_request(2), bytes(large));
  const auto refused = scene.association->receive(5s)->command;
  CHECK(refused.status() == status::kProcessingFailure);
  CHECK(refused.text(element::kErrorComment).find("longer than 100 bytes") != std::string::npos);
  scene.association->send(1, find_request(3));
  CHECK(scene.association->receive(5s)->command.status() == status::kSuccess);
}

TEST_CASE("large data sets of all associations have one memory together, and small ones are always taken") {
  ReceptionSettings settings;
  settings.messages.identifier = settings.messages.data_set = 1 << 20;
  settings.data_sets = 0;  // then it is what one of the largest kind takes
  Scene scene(settings);
  std::promise<void> held;
  std::promise<void> go_on;
  scene.service.act = [&](Session& session, const Message& message) {
    session.association.receive_data_set(std::size_t{1} << 20);
    if (message.command.message_id() == 1) {
      held.set_value();
      go_on.get_future().wait();
    }
    answer(session, message, status::kSuccess);
  };
  const std::string large(600'000, 'x');
  scene.association->send(1, find_request(1), bytes(large));
  held.get_future().wait();
  const auto other =
      scene.client.connect(scene.server.destination(), std::vector<ProposedContext>{{kFind, {kExplicit}}});
  const auto ask = [&](const std::string& data) {
    other->send(1, find_request(2), bytes(data));
    return other->receive(5s)->command.status();
  };
  CHECK(ask(large) == status::kOutOfResources);
  CHECK(scene.server.log.counted("limit_data_sets_total") == 1);
  CHECK(ask("small") == status::kSuccess);
  go_on.set_value();
  CHECK(scene.association->receive(5s)->command.status() == status::kSuccess);
  CHECK(eventually([&] { return ask(large) == status::kSuccess; }));
}

TEST_CASE("a service that has no memory says so in the status of its kind") {
  Scene scene;
  bool of_the_language = false;
  scene.service.act = [&](Session&, const Message&) {
    if (of_the_language) throw std::bad_alloc();
    throw Error(Code::out_of_memory, "out of memory");
  };
  for (const bool language : {false, true}) {
    of_the_language = language;
    scene.association->send(1, find_request(1), bytes("query"));
    CHECK(scene.association->receive(5s)->command.status() == status::kOutOfResources);
    auto action = find_request(2);
    action.set_u16(element::kCommandField, field::kNAction);
    scene.association->send(1, action);
    CHECK(scene.association->receive(5s)->command.status() == status::kResourceLimitation);
  }
}

TEST_CASE("an exception of a service is answered with a processing failure") {
  Scene scene;
  scene.service.act = [](Session&, const Message&) { throw Error(Code::io, "the index can't be read"); };
  scene.association->send(1, find_request(1), bytes("query"));
  const auto response = scene.association->receive(5s)->command;
  CHECK(response.status() == status::kProcessingFailure);
  CHECK(response.text(element::kErrorComment) == "the index can't be read");
}

TEST_CASE("waiting for a message ends at its limit") {
  Scene scene;
  scene.service.act = [](Session&, const Message&) { std::this_thread::sleep_for(300ms); };
  scene.association->send(1, find_request(1));
  const auto start = std::chrono::steady_clock::now();
  CHECK_THROWS_WITH(scene.association->receive(100ms), "the peer kept quiet for too long");
  CHECK(std::chrono::steady_clock::now() - start < 3s);
  CHECK_THROWS_AS(scene.association->send(1, find_request(2)), AssociationLost);
}

TEST_CASE("a message on a context that was not accepted ends the association") {
  Scene scene;
  scene.association->send(77, find_request(1));
  CHECK_THROWS_AS(scene.association->receive(5s), AssociationLost);
  CHECK(eventually([&] { return scene.server.log.has("Presentation Context that was not accepted"); }));
}

TEST_CASE("connecting to nobody says who could not be reached") {
  Client client(as("VIEWER"));
  const int unused = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::bind(unused, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  socklen_t length = sizeof address;
  ::getsockname(unused, reinterpret_cast<sockaddr*>(&address), &length);
  const std::vector<ProposedContext> echo{{kEcho, {kImplicit}}};
  try {
    client.connect({"NOBODY", "127.0.0.1", ntohs(address.sin_port), false}, echo);
    FAIL("connected");
  } catch (const Error& error) {
    CHECK(error.code() == Code::unavailable);
    CHECK(std::string(error.what()).find("NOBODY at 127.0.0.1 port") != std::string::npos);
  }
  ::close(unused);
}

TEST_CASE("a node that wants TLS needs certificates here") {
  Client client(as("VIEWER"));
  const std::vector<ProposedContext> echo{{kEcho, {kImplicit}}};
  try {
    client.connect({"SAFE", "127.0.0.1", 1, true}, echo);
    FAIL("connected");
  } catch (const Error& error) {
    CHECK(error.code() == Code::unsupported);
    CHECK(std::string(error.what()).find("tls") != std::string::npos);
  }
}

TEST_CASE("associations go over IPv6 as well") {
  Server server({}, "::");
  server.start();
  Client client(as("VIEWER"));
  const std::vector<ProposedContext> echo{{kEcho, {kImplicit}}};
  for (const auto* host : {"127.0.0.1", "::1", "localhost"}) {
    INFO(host);
    std::unique_ptr<Association> association;
    try {
      association = client.connect({"FERMATA", host, server.port(), false}, echo);
    } catch (const Error&) {
      if (std::string(host) == "::1") continue;  // a machine without IPv6
      throw;
    }
    association->send(1, echo_request());
    CHECK(association->receive(5s)->command.status() == 0);
    CHECK((association->peer_address() == "127.0.0.1" || association->peer_address() == "::1"));
    association->release();
  }
  CHECK(eventually([&] { return server.log.has("address=127.0.0.1"); }));
}
