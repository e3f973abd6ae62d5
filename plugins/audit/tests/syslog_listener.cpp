#include "syslog_listener.hpp"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <functional>
#include <memory>
#include <stdexcept>

namespace fermata::audit_trail {
namespace {

void write_file(const std::string& path, const std::function<void(FILE*)>& write) {
  FILE* file = std::fopen(path.c_str(), "w");
  if (file == nullptr) throw std::runtime_error("can't write " + path);
  write(file);
  std::fclose(file);
}

bool readable(int descriptor) {
  pollfd ready{descriptor, POLLIN, 0};
  return ::poll(&ready, 1, 20) > 0;
}

}  // namespace

TestCertificate::TestCertificate() {
  auto name = (std::filesystem::temp_directory_path() / "fermata-audit-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = name;
  EVP_PKEY* pair = EVP_EC_gen("P-256");
  X509* made = X509_new();
  X509_set_version(made, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made), 1);
  X509_gmtime_adj(X509_getm_notBefore(made), -3600);
  X509_gmtime_adj(X509_getm_notAfter(made), 3600);
  X509_set_pubkey(made, pair);
  auto* subject = X509_get_subject_name(made);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("syslog"), -1, -1, 0);
  X509_set_issuer_name(made, subject);
  auto* names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
  X509_add_ext(made, names, -1);
  X509_EXTENSION_free(names);
  X509_sign(made, pair, EVP_sha256());
  write_file(key(), [&](FILE* file) { PEM_write_PrivateKey(file, pair, nullptr, nullptr, 0, nullptr, nullptr); });
  write_file(certificate(), [&](FILE* file) { PEM_write_X509(file, made); });
  X509_free(made);
  EVP_PKEY_free(pair);
}

TestCertificate::~TestCertificate() { std::filesystem::remove_all(folder_); }

SyslogListener::SyslogListener(const TestCertificate* certificate, uint16_t port) : certificate_(certificate) {
  std::signal(SIGPIPE, SIG_IGN);
  socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
  const int yes = 1;
  ::setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(socket_, 5) != 0)
    throw std::runtime_error("no port to listen on");
  ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

SyslogListener::~SyslogListener() {
  stopping_ = true;
  thread_.join();
  ::close(socket_);
}

std::vector<std::string> SyslogListener::messages() const {
  const std::lock_guard lock(mutex_);
  return messages_;
}

void SyslogListener::serve() {
  while (!stopping_) {
    if (!readable(socket_)) continue;
    const int connection = ::accept(socket_, nullptr, nullptr);
    if (connection < 0) continue;
    receive(connection);
    ::close(connection);
  }
}

void SyslogListener::receive(int connection) {
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(nullptr, SSL_CTX_free);
  std::unique_ptr<SSL, decltype(&SSL_free)> tls(nullptr, SSL_free);
  if (certificate_ != nullptr) {
    context.reset(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_use_certificate_chain_file(context.get(), certificate_->certificate().c_str());
    SSL_CTX_use_PrivateKey_file(context.get(), certificate_->key().c_str(), SSL_FILETYPE_PEM);
    tls.reset(SSL_new(context.get()));
    SSL_set_fd(tls.get(), connection);
    if (SSL_accept(tls.get()) != 1) return;
  }
  std::string received;
  char buffer[4096];
  while (!stopping_) {
    if (!(tls && SSL_pending(tls.get()) > 0) && !readable(connection)) continue;
    const auto count = tls ? SSL_read(tls.get(), buffer, sizeof buffer) : ::read(connection, buffer, sizeof buffer);
    if (count <= 0) return;
    received.append(buffer, static_cast<std::size_t>(count));
    take(received);
  }
}

void SyslogListener::take(std::string& received) {
  if (!received.empty() && (received.front() < '0' || received.front() > '9')) received.clear();  // not syslog
  for (;;) {
    const auto space = received.find(' ');
    if (space == std::string::npos) return;
    const auto length = std::stoul(received.substr(0, space));
    if (received.size() < space + 1 + length) return;
    const std::lock_guard lock(mutex_);
    messages_.push_back(received.substr(space + 1, length));
    received.erase(0, space + 1 + length);
  }
}

}  // namespace fermata::audit_trail
