#include <arpa/inet.h>
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/dimse.h>
#include <dcmtk/dcmtls/tlslayer.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>

#include "dcmtk_certificate.hpp"
#include "fakes.hpp"

using namespace fermata;
using namespace fermata::dimse;
using namespace fermata::dimse::testing;
using namespace std::chrono_literals;

namespace {

const std::vector<ProposedContext> kEchoOnly{{kEcho, {kImplicit}}};

uint16_t port_of(int descriptor) {
  sockaddr_in address{};
  socklen_t length = sizeof address;
  ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length);
  return ntohs(address.sin_port);
}

/// A key and a certificate that speaks for itself, in files.
class Certificate {
 public:
  explicit Certificate(const char* name)
      : folder_(std::filesystem::temp_directory_path() / ("dimse-tls-" + std::to_string(::getpid()) + name)) {
    std::filesystem::create_directories(folder_);
    EVP_PKEY* pair = EVP_RSA_gen(2048);
    X509* certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, pair);
    X509_NAME* subject = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
    X509_set_issuer_name(certificate, subject);
    X509_sign(certificate, pair, EVP_sha256());
    write(key(), [&](FILE* file) { PEM_write_PrivateKey(file, pair, nullptr, nullptr, 0, nullptr, nullptr); });
    write(file(), [&](FILE* out) { PEM_write_X509(out, certificate); });
    X509_free(certificate);
    EVP_PKEY_free(pair);
  }
  ~Certificate() { std::filesystem::remove_all(folder_); }
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;
  std::string key() const { return folder_ / "key.pem"; }
  std::string file() const { return folder_ / "certificate.pem"; }

 private:
  static void write(const std::string& path, const std::function<void(FILE*)>& put) {
    FILE* file = std::fopen(path.c_str(), "w");
    REQUIRE(file != nullptr);
    put(file);
    std::fclose(file);
  }
  std::filesystem::path folder_;
};

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

ClientSettings settings(const Certificate& own, const Certificate& trusted) {
  auto settings = as("VIEWER");
  settings.association_timeout = 2s;
  settings.tls = TlsSettings{own.file(), own.key(), trusted.file()};
  return settings;
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
  CHECK_THROWS_WITH(client.connect({"SAFE", "127.0.0.1", node.port(), true}, kEchoOnly),
                    Catch::Contains("the TLS handshake failed"));
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
  settings.tls = TlsSettings{"", "", "/nowhere/authorities.pem"};
  CHECK_THROWS_WITH(Client(settings), Catch::Contains("/nowhere/authorities.pem"));
}
