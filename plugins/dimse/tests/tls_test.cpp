#include <arpa/inet.h>
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/dimse.h>
#include <dcmtk/dcmtls/tlslayer.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "dcmtk_certificate.hpp"
#include "fakes.hpp"
#include "raw_connection.hpp"
#include "tls/tests/certificate_files.hpp"

using namespace fermata;
using namespace fermata::dimse;
using namespace fermata::dimse::testing;
using namespace std::chrono_literals;
using Certificate = fermata::tls::testing::CertificateFiles;

namespace {

const std::vector<ProposedContext> kEchoOnly{{kEcho, {kImplicit}}};
const std::vector<ProposedContext> kEchoAndStore{{kEcho, {kImplicit}}, {kCt, {kExplicit}}};

uint16_t port_of(int descriptor) {
  sockaddr_in address{};
  socklen_t length = sizeof address;
  ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length);
  return ntohs(address.sin_port);
}

/// A node that answers one C-ECHO over TLS: DCMTK's own.
class SecureNode {
 public:
  explicit SecureNode(const Certificate& own, const Certificate& trusted) : layer_(NET_ACCEPTOR, nullptr, OFTrue) {
    REQUIRE(layer_.setPrivateKeyFile(own.key().c_str(), DCF_Filetype_PEM).good());
    REQUIRE(set_certificate(layer_, own.file().c_str()).good());
    REQUIRE(layer_.addTrustedCertificateFile(trusted.file().c_str(), DCF_Filetype_PEM).good());
    REQUIRE(layer_.setTLSProfile(TSP_Profile_BCP195).good());
    REQUIRE(layer_.activateCipherSuites().good());
    layer_.setCertificateVerification(DCV_requireCertificate);
    REQUIRE(ASC_initializeNetwork(NET_ACCEPTOR, 0, 5, &network_).good());
    REQUIRE(ASC_setTransportLayer(network_, &layer_, 0).good());
    port_ = port_of(DUL_networkSocket(network_->network));
    thread_ = std::thread([this] { serve(); });
  }
  ~SecureNode() {
    thread_.join();
    ASC_dropNetwork(&network_);
  }
  SecureNode(const SecureNode&) = delete;
  SecureNode& operator=(const SecureNode&) = delete;
  uint16_t port() const { return port_; }

 private:
  void serve() {
    T_ASC_Association* association = nullptr;
    const auto condition =
        ASC_receiveAssociation(network_, &association, 16384, nullptr, nullptr, OFTrue, DUL_NOBLOCK, 5);
    const char* syntaxes[] = {kImplicit};
    const char* classes[] = {kEcho};
    if (condition.good() &&
        ASC_acceptContextsWithPreferredTransferSyntaxes(association->params, classes, 1, syntaxes, 1).good() &&
        ASC_acknowledgeAssociation(association).good()) {
      T_DIMSE_Message message{};
      T_ASC_PresentationContextID context = 0;
      while (DIMSE_receiveCommand(association, DIMSE_NONBLOCKING, 5, &context, &message, nullptr).good())
        DIMSE_sendEchoResponse(association, context, &message.msg.CEchoRQ, 0, nullptr);
      ASC_acknowledgeRelease(association);
    }
    ASC_dropSCPAssociation(association);
    ASC_destroyAssociation(&association);
  }

  DcmTLSTransportLayer layer_;
  T_ASC_Network* network_ = nullptr;
  uint16_t port_ = 0;
  std::thread thread_;
};

tls::Settings tls_settings(const Certificate& own, const Certificate& trusted,
                           tls::Settings::Ask ask = tls::Settings::Ask::optional) {
  return {own.file(), own.key(), trusted.file(), ask};
}

ClientSettings settings(const Certificate& own, const Certificate& trusted) {
  auto settings = as("VIEWER");
  settings.association_timeout = 2s;
  settings.tls = tls_settings(own, trusted);
  return settings;
}

using Ask = tls::Settings::Ask;

std::string refusal(Client& client, const Destination& destination) {
  try {
    const auto association = client.connect(destination, kEchoOnly);
    // With TLS 1.3, a client learns that its certificate is refused only when it reads.
    association->send(1, echo_request());
    association->receive(5s);
    association->release();
  } catch (const std::exception& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("a node with TLS is reached with the certificates of the configuration") {
  const Certificate ours("ours");
  const Certificate theirs("theirs");
  const SecureNode node(theirs, ours);
  Client client(settings(ours, theirs));
  const auto association = client.connect({"SAFE", "127.0.0.1", node.port(), true}, kEchoOnly);
  for (uint16_t id = 1; id < 5; ++id) {
    association->send(1, echo_request(id));
    CHECK(association->receive(5s)->command.message_id_responded_to() == id);
  }
  association->release();
}

TEST_CASE("a node whose certificate comes from somebody else is not talked to") {
  const Certificate ours("ours");
  const Certificate theirs("theirs");
  const SecureNode node(theirs, ours);
  Client client(settings(ours, ours));
  CHECK_THROWS_WITH(
      client.connect({"SAFE", "127.0.0.1", node.port(), true}, kEchoOnly),
      Catch::Contains("the TLS handshake failed: its certificate is not accepted: self-signed certificate"));
}

TEST_CASE("a node that says nothing during the TLS handshake is given up") {
  const Certificate ours("ours");
  const int silent = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::bind(silent, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::listen(silent, 1) == 0);
  Client client(settings(ours, ours));
  const auto start = std::chrono::steady_clock::now();
  CHECK_THROWS_AS(client.connect({"SAFE", "127.0.0.1", port_of(silent), true}, kEchoOnly), Error);
  CHECK(std::chrono::steady_clock::now() - start < 10s);
  ::close(silent);
}

TEST_CASE("certificates that can't be read are named") {
  auto settings = as("VIEWER");
  settings.tls = tls::Settings{"", "", "/nowhere/authorities.pem"};
  CHECK_THROWS_WITH(Client(settings), Catch::Contains("/nowhere/authorities.pem"));
}

TEST_CASE("a node whose certificate is for another host is not talked to") {
  const Certificate ours("ours");
  const auto problem_of = [&](const std::string& hosts, const std::string& host, const std::string& expected = "",
                              bool check = true) {
    const Certificate theirs("theirs", 1h, hosts);
    const SecureNode node(theirs, ours);
    auto wanted = settings(ours, theirs);
    wanted.check_names = check;
    Client client(wanted);
    return refusal(client, {"SAFE", host, node.port(), true, expected});
  };
  CHECK_THAT(
      problem_of("DNS:ct1.example,IP:10.0.0.5", "127.0.0.1"),
      Catch::Contains("its certificate, CN=theirs, is not for 127.0.0.1 but for DNS:ct1.example, IP Address:10.0.0.5: "
                      "correct the node's host or have the certificate made for it, or give the node `certificate`: "));
  CHECK_THAT(problem_of("", "localhost"), Catch::Contains("is not for localhost but for no host at all"));
  CHECK_THAT(problem_of("DNS:127.0.0.1", "127.0.0.1"), Catch::Contains("is not for 127.0.0.1"));
  CHECK(problem_of("IP:127.0.0.1", "127.0.0.1") == "");
  CHECK(problem_of("DNS:localhost", "localhost") == "");
  CHECK(problem_of("DNS:ct1.example", "127.0.0.1", "CN=theirs") == "");
  CHECK(problem_of("DNS:ct1.example", "127.0.0.1", "", false) == "");
}

TEST_CASE("a node that shows another certificate than it should is not talked to") {
  const Certificate ours("ours");
  const Certificate theirs("theirs");
  for (const std::string expected : {"CN=theirs", "CN=somebody"}) {
    const SecureNode node(theirs, ours);
    Client client(settings(ours, theirs));
    const auto problem = refusal(client, {"SAFE", "127.0.0.1", node.port(), true, expected});
    if (expected == "CN=theirs")
      CHECK(problem.empty());
    else
      CHECK(problem.find("it shows another certificate than the node has here: that of CN=theirs") !=
            std::string::npos);
  }
}

TEST_CASE("a caller with TLS is served, and known by its certificate") {
  const Certificate ours("ours");
  const Certificate theirs("theirs");
  Server server;
  server.start(tls_settings(ours, theirs, Ask::required));
  Client client(settings(theirs, ours));
  const auto association = client.connect(server.destination(), kEchoAndStore);
  CHECK(server.application_entities.tls());
  CHECK(server.application_entities.certificate() == "CN=theirs");
  // More than a record, and more than a PDU, both of them several times.
  std::string object(1'000'003, '\0');
  for (std::size_t i = 0; i < object.size(); ++i) object[i] = static_cast<char>(i * 31 >> 3);
  for (uint16_t id = 1; id < 4; ++id) {
    association->send(3, store_request(kCt, "1.2." + std::to_string(id), id), bytes(object));
    CHECK(association->receive(5s)->command.status() == 0);
    association->send(1, echo_request(id));
    CHECK(association->receive(5s)->command.status() == 0);
  }
  association->release();
  const auto kept = server.archive.kept();
  REQUIRE(kept.size() == 3);
  for (const auto& one : kept) CHECK((one.bytes == object));
}

TEST_CASE("a caller with TLS needs no certificate unless it is required") {
  const Certificate ours("ours");
  for (const auto ask : {Ask::nothing, Ask::optional, Ask::required}) {
    Server server;
    server.start(tls_settings(ours, ours, ask));
    auto nameless = as("VIEWER");
    nameless.tls = tls::Settings{"", "", ours.file()};
    Client client(nameless);
    CHECK(refusal(client, server.destination()).empty() == (ask != Ask::required));
    if (ask != Ask::required) continue;
    CHECK(eventually([&] { return !server.application_entities.remembered().empty(); }));
    CHECK(server.application_entities.remembered().at(0).reason == "the TLS handshake failed: it shows no certificate");
  }
}

TEST_CASE("a caller whose certificate comes from somebody else is refused, and remembered with it") {
  const Certificate ours("ours");
  const Certificate theirs("theirs");
  const Certificate stranger("stranger");
  Server server;
  server.start(tls_settings(ours, theirs));
  Client client(settings(stranger, ours));
  CHECK_FALSE(refusal(client, server.destination()).empty());
  REQUIRE(eventually([&] { return !server.application_entities.remembered().empty(); }));
  const auto remembered = server.application_entities.remembered().at(0);
  CHECK(remembered.calling_ae_title.empty());
  CHECK(remembered.reason.find("its certificate is not accepted: self-signed certificate") != std::string::npos);
  CHECK(eventually([&] { return server.log.has("address=127.0.0.1"); }));
}

TEST_CASE("a caller that speaks plain DICOM to the port for TLS is rejected, and remembered by its AE title") {
  const Certificate ours("ours");
  Server server;
  server.start(tls_settings(ours, ours));
  Client client(as("VIEWER"));
  auto plain = server.destination();
  plain.tls = false;
  CHECK_THROWS_WITH(client.connect(plain, kEchoOnly), Catch::Contains("it gives no reason"));
  const auto remembered = server.application_entities.remembered();
  REQUIRE(remembered.size() == 1);
  CHECK(remembered[0].calling_ae_title == "VIEWER");
  CHECK(remembered[0].wanted == "echo");
  CHECK(remembered[0].reason == "it speaks plain DICOM to the port for TLS");
}

TEST_CASE("a caller that speaks TLS to the plain port is remembered by its address") {
  const Certificate ours("ours");
  Server server;
  server.start();
  Client client(settings(ours, ours));
  auto secured = server.destination();
  secured.tls = true;
  CHECK_THROWS_WITH(client.connect(secured, kEchoOnly), Catch::Contains("the TLS handshake failed"));
  REQUIRE(eventually([&] { return !server.application_entities.remembered().empty(); }));
  CHECK(server.application_entities.remembered().at(0).reason == "it speaks TLS to the plain port");
}

TEST_CASE("a TLS handshake that does not get on is ended after the time for the request") {
  const Certificate ours("ours");
  ReceptionSettings reception;
  reception.request_timeout = 200ms;
  Server server(reception);
  server.start(tls_settings(ours, ours));
  RawConnection slow(server.port());
  slow.say(std::string("\x16\x03\x01\x02\x00\x01", 6));
  CHECK(slow.hear().empty());
  CHECK(eventually([&] { return server.log.has("the TLS handshake failed: it took too long"); }));
  RawConnection silent(server.port());
  CHECK(silent.hear().empty());
  RawConnection rubbish(server.port());
  rubbish.say("GET / HTTP/1.1\r\n\r\n");
  rubbish.hear();
  CHECK(eventually([&] { return server.log.has("the TLS handshake failed: it does not speak TLS"); }));
}

TEST_CASE("associations that come later see a new certificate, and a spoilt one is not used") {
  const Certificate ours("first");
  const Certificate theirs("theirs");
  Server server;
  server.start(tls_settings(ours, theirs));
  const auto shown = [&] {
    const Certificate anybody("first-or-second");  // for its folder
    std::filesystem::copy_file(ours.file(), anybody.file(), std::filesystem::copy_options::overwrite_existing);
    Client client(settings(theirs, anybody));
    auto destination = server.destination();
    destination.certificate = "CN=second";
    return refusal(client, destination);
  };
  CHECK(shown().find("that of CN=first") != std::string::npos);
  ours.renew("second");
  std::this_thread::sleep_for(1100ms);
  CHECK(shown().empty());
  const auto whole = ours.key() + ".kept";
  std::filesystem::copy_file(ours.key(), whole);
  std::filesystem::resize_file(ours.key(), 10);
  std::this_thread::sleep_for(1100ms);
  CHECK(shown().empty());
  CHECK(eventually([&] { return server.log.has("can't be used; the old one goes on"); }));
}
