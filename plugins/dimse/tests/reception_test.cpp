#include "admission/reception.hpp"

#include <catch2/catch.hpp>

#include "fakes.hpp"
#include "raw_connection.hpp"

using namespace fermata;
using namespace fermata::dimse;
using namespace fermata::dimse::testing;
using namespace std::chrono_literals;

namespace {

const std::vector<ProposedContext> kEchoOnly{{kEcho, {kImplicit}}};
const std::vector<ProposedContext> kEchoAndStore{{kEcho, {kImplicit}}, {kCt, {kExplicit}}};

std::string refusal(Client& client, const Server& server, const std::vector<ProposedContext>& proposed) {
  try {
    client.connect(server.destination(), proposed)->release();
  } catch (const Error& error) {
    CHECK(error.code() == Code::refused);
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("whoever is unknown may echo and nothing else, and is remembered") {
  Server server;
  server.start();
  Client client(as("stranger-1"));
  const auto association = client.connect(server.destination(), kEchoOnly);
  association->send(1, echo_request());
  CHECK(association->receive(5s)->command.status() == 0);
  association->release();
  CHECK(server.application_entities.remembered().empty());

  CHECK(refusal(client, server, kEchoAndStore).find("it does not know our AE title") != std::string::npos);
  const auto remembered = server.application_entities.remembered();
  REQUIRE(remembered.size() == 1);
  CHECK(remembered[0].calling_ae_title == "stranger-1");
  CHECK(remembered[0].wanted == "store CT Image Storage; echo");
  CHECK(remembered[0].reason == "the AE title is not known");
}

TEST_CASE("where the unknown may not even echo, they are rejected") {
  Server server;
  server.application_entities.others = 0;
  server.start();
  Client client(as("STRANGER"));
  CHECK(refusal(client, server, kEchoOnly).find("it does not know our AE title") != std::string::npos);
  CHECK(server.application_entities.remembered().at(0).wanted == "echo");
}

TEST_CASE("who may do nothing of what it asks for is rejected, who may do some of it is let in") {
  Server server;
  server.application_entities.known["ECHOER"] = kMayEcho;
  server.start();
  Client client(as("ECHOER"));
  const auto association = client.connect(server.destination(), kEchoAndStore);
  CHECK(association->contexts().size() == 1);
  association->release();
  CHECK(server.application_entities.remembered().empty());
  CHECK(refusal(client, server, {{kCt, {kExplicit}}}).find("it gives no reason") != std::string::npos);
  CHECK(server.application_entities.remembered().at(0).reason == "the AE title is known, but may not do this");
}

TEST_CASE("contexts that nobody serves are refused one by one, not with the association") {
  Server server;
  server.start();
  Client client(as("VIEWER"));
  CHECK(refusal(client, server, {{"1.2.840.10008.5.1.1.9", {kExplicit}}})
            .find("it accepts nothing of what was proposed") != std::string::npos);
  CHECK(server.application_entities.remembered().empty());
}

TEST_CASE("any called AE title will do, unless it is to be checked") {
  Client client(as("VIEWER"));
  for (const bool check : {false, true}) {
    ReceptionSettings settings;
    settings.check_called_ae_title = check;
    Server server(settings);
    server.start();
    auto destination = server.destination();
    client.connect(destination, kEchoOnly)->release();
    destination.ae_title = "PACS (2)";
    if (check)
      CHECK_THROWS_WITH(client.connect(destination, kEchoOnly), Catch::Contains("does not answer to this AE title"));
    else
      client.connect(destination, kEchoOnly)->release();
  }
}

TEST_CASE("associations beyond the maximum are rejected for the moment") {
  ReceptionSettings settings;
  settings.maximum_associations = 3;
  Server server(settings);
  server.start();
  Client client(as("VIEWER"));
  std::vector<std::unique_ptr<Association>> open;
  for (int i = 0; i < 3; ++i) open.push_back(client.connect(server.destination(), kEchoOnly));
  CHECK(refusal(client, server, kEchoOnly).find("too many associations open (for now)") != std::string::npos);
  open.back()->release();
  CHECK(refusal(client, server, kEchoOnly).empty());
}

TEST_CASE("two hundred associations are open at once, and all are answered") {
  Server server;
  server.start();
  Client client(as("VIEWER"));
  std::vector<std::unique_ptr<Association>> open;
  for (int i = 0; i < 200; ++i) open.push_back(client.connect(server.destination(), kEchoAndStore));
  for (auto& association : open) association->send(1, echo_request());
  for (auto& association : open) CHECK(association->receive(10s)->command.status() == 0);
  for (auto& association : open) association->release();
}

TEST_CASE("slow and silent connections keep nobody waiting, and end") {
  ReceptionSettings settings;
  settings.request_timeout = 1s;
  settings.maximum_associations = 5;
  Server server(settings);
  server.start();
  std::vector<std::unique_ptr<RawConnection>> slow;
  for (int i = 0; i < 20; ++i) {
    slow.push_back(std::make_unique<RawConnection>(server.port()));
    if (i % 2 == 0) slow.back()->say(std::string_view("\x01\x00\x00\x00\x20\x00\x00\x01", 8));
  }
  Client client(as("VIEWER"));
  const auto start = std::chrono::steady_clock::now();
  client.connect(server.destination(), kEchoOnly)->release();
  CHECK(std::chrono::steady_clock::now() - start < 900ms);
  for (auto& connection : slow) connection->hear();  // returns because they are closed
  CHECK(std::chrono::steady_clock::now() - start < 4s);
}

TEST_CASE("what is not DICOM is closed with a line that says what it was") {
  Server server;
  server.start();
  RawConnection tls(server.port());
  tls.say(std::string_view("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11));
  CHECK(tls.hear().empty());
  CHECK(server.log.has("it speaks TLS to the plain port address=127.0.0.1"));

  RawConnection web(server.port());
  web.say("GET / HTTP/1.1\r\n\r\n");
  CHECK(web.hear().empty());
  CHECK(server.log.has("it does not speak DICOM"));

  RawConnection large(server.port());
  large.say(std::string_view("\x01\x00\x7f\xff\xff\xff", 6));
  CHECK(large.hear().empty());
  CHECK(server.log.has("longer than `limits.association_request`"));
}

TEST_CASE("draining ends idle associations at once and lets running requests finish") {
  Server server;
  class Slow : public Service {
   public:
    std::atomic<bool> running{false};
    void handle(Session& session, const Message& message) override {
      running = true;
      std::this_thread::sleep_for(300ms);
      session.association.send(message.context_id, CommandSet::response_to(message.command, 0));
    }
  } slow;
  server.classes.add("1.2.3.4", kMayQuery, slow);
  server.start();
  Client client(as("VIEWER"));
  const auto idle = client.connect(server.destination(), kEchoOnly);
  const auto busy = client.connect(server.destination(), std::vector<ProposedContext>{{"1.2.3.4", {kImplicit}}});
  busy->send(1, echo_request(3));
  REQUIRE(eventually([&] { return slow.running.load(); }));
  const auto start = std::chrono::steady_clock::now();
  server.acceptor->drain(5s);
  const auto took = std::chrono::steady_clock::now() - start;
  CHECK(took > 100ms);
  CHECK(took < 3s);
  CHECK(busy->receive(1s)->command.message_id_responded_to() == 3);
  CHECK_THROWS_WITH(idle->receive(1s), "the peer aborted");
  CHECK_THROWS_AS(client.connect(server.destination(), kEchoOnly), Error);
}

TEST_CASE("stopping ends associations that do not end by themselves") {
  Server server;
  server.start();
  Client client(as("VIEWER"));
  const auto association = client.connect(server.destination(), std::vector<ProposedContext>{{kCt, {kExplicit}}});
  // In the middle of an object, nothing more comes.
  CHECK_THROWS(association->send(1, store_request(kCt, "1.2.3"), 1000000,
                                 [&](uint64_t offset, std::span<std::byte> into) -> std::size_t {
                                   if (offset < 300000) return into.size();
                                   const auto start = std::chrono::steady_clock::now();
                                   server.acceptor->drain(100ms);
                                   server.acceptor->stop();
                                   CHECK(std::chrono::steady_clock::now() - start < 3s);
                                   throw Error(Code::cancelled, "enough");
                                 }));
  CHECK(server.archive.dropped == 1);
}

TEST_CASE("a port that is taken is named") {
  Server first;
  first.start();
  const Journal journal;
  Reception reception({}, first.application_entities, first.classes, journal);
  AcceptorSettings settings;
  settings.bind = "127.0.0.1";
  settings.port = first.port();
  Acceptor second(settings, reception, journal);
  CHECK_THROWS_WITH(second.listen(), Catch::Contains("port " + std::to_string(first.port())));
}
