#include "tls/context.hpp"

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

#include "client.hpp"
#include "fermata/error.hpp"
#include "running_server.hpp"
#include "tls/tests/certificate_files.hpp"

using namespace fermata;
using namespace fermata::http;
using namespace std::chrono_literals;
using Certificate = fermata::tls::testing::CertificateFiles;

namespace {

tls::Settings settings_of(const Certificate& certificate) {
  tls::Settings settings;
  settings.certificate = certificate.file();
  settings.key = certificate.key();
  settings.http = true;
  return settings;
}

/// One TLS connection that asks for / and tells who answered.
class SecureClient {
 public:
  explicit SecureClient(uint16_t port, int highest = 0) : context_(SSL_CTX_new(TLS_client_method())) {
    if (highest != 0) SSL_CTX_set_max_proto_version(context_, highest);
    SSL_CTX_set_security_level(context_, 0);
    descriptor_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ssl_ = SSL_new(context_);
    SSL_set_fd(ssl_, descriptor_);
    connected = SSL_connect(ssl_) == 1;
    if (!connected) return;
    X509* peer = SSL_get1_peer_certificate(ssl_);
    char text[100] = {};
    X509_NAME_get_text_by_NID(X509_get_subject_name(peer), NID_commonName, text, sizeof text);
    X509_free(peer);
    name = text;
  }
  ~SecureClient() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
    ::close(descriptor_);
  }
  SecureClient(const SecureClient&) = delete;
  SecureClient& operator=(const SecureClient&) = delete;

  Answer ask(const std::string& request) {
    SSL_write(ssl_, request.data(), static_cast<int>(request.size()));
    std::string heard;
    std::vector<char> piece(100'000);
    for (;;) {
      const int count = SSL_read(ssl_, piece.data(), static_cast<int>(piece.size()));
      if (count <= 0) return Answer(heard);
      heard.append(piece.data(), static_cast<std::size_t>(count));
      if (heard.find("\r\n\r\n") != std::string::npos)
        if (Answer answer(heard); answer.complete) return answer;
    }
  }

  bool connected = false;
  std::string name;

 private:
  SSL_CTX* context_;
  SSL* ssl_ = nullptr;
  int descriptor_ = -1;
};

struct Scene : RunningServer {
  explicit Scene(const tls::Settings& tls) : RunningServer([&](Settings& s) { s.tls = tls; }) {
    on("GET", "/", [](HttpRequest& r, HttpResponse& a) { http::say(a, r.base_url()); });
    on("POST", "/echo", [](HttpRequest& r, HttpResponse& a) {
      std::vector<std::byte> buffer(50'000);
      while (const auto count = r.read(buffer)) a.write(std::span(buffer).first(static_cast<std::size_t>(count)));
    });
    serve();
  }
};

}  // namespace

TEST_CASE("requests come through TLS, several on one connection, whatever their size") {
  const Certificate certificate("first");
  Scene scene(settings_of(certificate));
  SecureClient client(scene.port());
  REQUIRE(client.connected);
  CHECK(client.name == "first");
  CHECK(client.ask(get("/")).body == "https://localhost");
  for (const auto size : {0, 1, 16'383, 16'384, 16'385, 300'000}) {
    std::string body(static_cast<std::size_t>(size), '\0');
    for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 31 >> 3);
    CHECK((client.ask(post("/echo", body)).body == body));
  }
}

TEST_CASE("TLS before 1.2 is refused, and so is what is no TLS") {
  const Certificate certificate("first");
  Scene scene(settings_of(certificate));
  CHECK(SecureClient(scene.port(), TLS1_2_VERSION).connected);
  CHECK_FALSE(SecureClient(scene.port(), TLS1_1_VERSION).connected);
  Client plain(scene.port());
  plain.say(get("/"));
  CHECK(plain.hear().status == 0);
  CHECK(scene.counts("failed_handshakes_total", 2));
  CHECK(scene.log().find("a TLS handshake failed: it does not speak TLS") != std::string::npos);
  CHECK(scene.log().find("it offers only versions of TLS that are too old") != std::string::npos);
  Client silent(scene.port());
  CHECK(silent.is_closed());
  SecureClient client(scene.port());
  CHECK(client.ask(get("/")).status == 200);
}

TEST_CASE("a new certificate is used by connections that come later, a spoilt one is not") {
  Certificate certificate("first");
  Scene scene(settings_of(certificate));
  SecureClient old(scene.port());
  certificate.renew("second");
  std::this_thread::sleep_for(1100ms);
  CHECK(SecureClient(scene.port()).name == "second");
  CHECK(old.name == "first");
  certificate.spoil();
  std::this_thread::sleep_for(1100ms);
  CHECK(SecureClient(scene.port()).name == "second");
  CHECK(scene.log().find("can't be used; the old one goes on") != std::string::npos);
  certificate.renew("third");
  std::this_thread::sleep_for(1100ms);
  CHECK(SecureClient(scene.port()).name == "third");
}

TEST_CASE("files that can't be used are named") {
  const Certificate certificate("first");
  const Journal journal;
  auto settings = settings_of(certificate);
  settings.certificate = "/nowhere/certificate.pem";
  CHECK_THROWS_WITH(tls::Context(tls::Channel::Side::server, settings, journal),
                    Catch::Contains("/nowhere/certificate.pem"));
  settings = settings_of(certificate);
  settings.key = settings.certificate;
  CHECK_THROWS_AS(tls::Context(tls::Channel::Side::server, settings, journal), Error);
}
