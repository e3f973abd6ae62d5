#include "tls/context.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <thread>

#include "client.hpp"
#include "fermata/error.hpp"
#include "running_server.hpp"

using namespace fermata;
using namespace fermata::http;
using namespace std::chrono_literals;

namespace {

/// A folder with a key and a certificate that speaks for itself; `renew` writes others in their place.
class Certificate {
 public:
  Certificate() : folder_(std::filesystem::temp_directory_path() / ("http-tls-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
    renew("first");
  }
  ~Certificate() { std::filesystem::remove_all(folder_); }

  void renew(const char* name) {
    EVP_PKEY* pair = EVP_EC_gen("P-256");
    X509* certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, pair);
    auto* subject = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
    X509_set_issuer_name(certificate, subject);
    X509_sign(certificate, pair, EVP_sha256());
    FILE* out = std::fopen(settings().key.c_str(), "w");
    PEM_write_PrivateKey(out, pair, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(out);
    out = std::fopen(settings().certificate.c_str(), "w");
    PEM_write_X509(out, certificate);
    std::fclose(out);
    X509_free(certificate);
    EVP_PKEY_free(pair);
  }
  void spoil() const { std::filesystem::resize_file(folder_ / "certificate.pem", 10); }
  tls::Settings settings() const {
    tls::Settings settings;
    settings.certificate = folder_ / "certificate.pem";
    settings.key = folder_ / "key.pem";
    settings.http = true;
    return settings;
  }

 private:
  std::filesystem::path folder_;
};

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
  const Certificate certificate;
  Scene scene(certificate.settings());
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
  const Certificate certificate;
  Scene scene(certificate.settings());
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
  Certificate certificate;
  Scene scene(certificate.settings());
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
  const Certificate certificate;
  const Journal journal;
  auto settings = certificate.settings();
  settings.certificate = "/nowhere/certificate.pem";
  CHECK_THROWS_WITH(tls::Context(tls::Channel::Side::server, settings, journal),
                    Catch::Contains("/nowhere/certificate.pem"));
  settings = certificate.settings();
  settings.key = settings.certificate;
  CHECK_THROWS_AS(tls::Context(tls::Channel::Side::server, settings, journal), Error);
}
