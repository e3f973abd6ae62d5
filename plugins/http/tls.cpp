#include "tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "fermata/error.hpp"

namespace fermata::http {
namespace {

constexpr std::chrono::seconds kInterval{1};
constexpr std::size_t kRecord = 16 * 1024;                       // the most that one TLS record holds
constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";  // of TLS 1.2; those of 1.3 are all sound
constexpr unsigned char kHttp11[] = "\x08http/1.1";

std::string reason() {
  std::array<char, 256> text{};
  const auto code = ::ERR_get_error();
  ::ERR_error_string_n(code, text.data(), text.size());
  ::ERR_clear_error();
  return code == 0 ? "no reason given" : text.data();
}

int choose_protocol(SSL*, const unsigned char** out, unsigned char* length, const unsigned char* offered,
                    unsigned int offered_length, void*) {
  unsigned char* chosen = nullptr;
  const int found = ::SSL_select_next_proto(&chosen, length, kHttp11, sizeof kHttp11 - 1, offered, offered_length);
  *out = chosen;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

class TlsTransport final : public Transport {
 public:
  TlsTransport(SSL_CTX* context, int descriptor) : ssl_(::SSL_new(context), &::SSL_free), descriptor_(descriptor) {
    if (!ssl_ || ::SSL_set_fd(ssl_.get(), descriptor) != 1)
      throw Error(Code::out_of_memory, "there is no memory for a TLS connection");
    ::SSL_set_accept_state(ssl_.get());
  }

  Step handshake() override { return step_of(::SSL_do_handshake(ssl_.get())); }

  Step read(std::span<std::byte> into) override {
    std::size_t count = 0;
    auto step = step_of(::SSL_read_ex(ssl_.get(), into.data(), into.size(), &count));
    step.bytes = count;
    return step;
  }

  /// Small pieces share a record.
  Step write(std::span<const Bytes> pieces) override {
    std::size_t moved = 0;
    std::size_t skip = 0;  // of the first of `pieces`
    while (!pieces.empty()) {
      auto record = pieces.front().subspan(skip);
      if (record.size() < kRecord && pieces.size() > 1) record = gather(pieces, skip);
      if (record.empty()) break;
      std::size_t count = 0;
      const auto step = step_of(::SSL_write_ex(ssl_.get(), record.data(), record.size(), &count));
      if (step.kind != Step::Kind::done) return moved > 0 ? Step{Step::Kind::done, moved} : step;
      moved += count;
      skip += count;
      while (!pieces.empty() && skip >= pieces.front().size()) {
        skip -= pieces.front().size();
        pieces = pieces.subspan(1);
      }
    }
    return {Step::Kind::done, moved};
  }

  void end_writing() override {
    if (::SSL_is_init_finished(ssl_.get()) == 1) ::SSL_shutdown(ssl_.get());
    ::ERR_clear_error();
    ::shutdown(descriptor_, SHUT_WR);
  }

  int descriptor() const override { return descriptor_; }

 private:
  Bytes gather(std::span<const Bytes> pieces, std::size_t skip) {
    record_.resize(kRecord);
    std::size_t size = 0;
    for (const auto& whole : pieces) {
      const auto piece = whole.subspan(std::exchange(skip, 0));
      const auto count = std::min(piece.size(), kRecord - size);
      if (count > 0) std::memcpy(record_.data() + size, piece.data(), count);
      size += count;
    }
    return {record_.data(), size};
  }

  Step step_of(int result) {
    if (result > 0) return {Step::Kind::done, 0};
    const int error = ::SSL_get_error(ssl_.get(), result);
    ::ERR_clear_error();
    if (error == SSL_ERROR_WANT_READ) return {Step::Kind::wants_read, 0};
    if (error == SSL_ERROR_WANT_WRITE) return {Step::Kind::wants_write, 0};
    return {Step::Kind::closed, 0};
  }

  std::unique_ptr<SSL, decltype(&::SSL_free)> ssl_;
  const int descriptor_;
  std::vector<std::byte> record_;
};

}  // namespace

struct Tls::Context {
  std::unique_ptr<SSL_CTX, decltype(&::SSL_CTX_free)> ssl{::SSL_CTX_new(::TLS_server_method()), &::SSL_CTX_free};
};

/// How the files were when they were read.
struct Tls::Stamp {
  using Of = std::tuple<ino_t, off_t, time_t, long>;
  Of certificate;
  Of key;

  static Of of(const std::string& file) {
    struct stat found {};
    if (::stat(file.c_str(), &found) != 0) return {};
    return {found.st_ino, found.st_size, found.st_mtim.tv_sec, found.st_mtim.tv_nsec};
  }
  static Stamp of(const TlsSettings& settings) { return {of(settings.certificate), of(settings.key)}; }
  bool operator==(const Stamp&) const = default;
};

Tls::Tls(TlsSettings settings, const Journal& journal)
    : settings_(std::move(settings)), journal_(journal), stamp_(std::make_unique<Stamp>(Stamp::of(settings_))) {
  context_ = open();
  looked_ = std::chrono::steady_clock::now();
}

Tls::~Tls() = default;

std::unique_ptr<Tls::Context> Tls::open() const {
  ::ERR_clear_error();
  auto context = std::make_unique<Context>();
  auto* ssl = context->ssl.get();
  if (ssl == nullptr) throw Error(Code::out_of_memory, "there is no memory for TLS");
  ::SSL_CTX_set_min_proto_version(ssl, TLS1_2_VERSION);
  ::SSL_CTX_set_cipher_list(ssl, kCiphers);
  ::SSL_CTX_set_options(ssl, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  ::SSL_CTX_set_mode(ssl,
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  ::SSL_CTX_set_default_passwd_cb(ssl, [](char*, int, int, void*) { return 0; });  // nobody is there to be asked
  ::SSL_CTX_set_alpn_select_cb(ssl, choose_protocol, nullptr);
  if (::SSL_CTX_use_certificate_chain_file(ssl, settings_.certificate.c_str()) != 1)
    throw Error(Code::invalid, "`tls.certificate` " + settings_.certificate + " can't be used: " + reason());
  if (::SSL_CTX_use_PrivateKey_file(ssl, settings_.key.c_str(), SSL_FILETYPE_PEM) != 1)
    throw Error(Code::invalid, "`tls.key` " + settings_.key + " can't be used: " + reason());
  if (::SSL_CTX_check_private_key(ssl) != 1)
    throw Error(Code::invalid, "`tls.key` " + settings_.key + " does not belong to " + settings_.certificate);
  return context;
}

void Tls::renew_if_changed() {
  const auto now = std::chrono::steady_clock::now();
  if (now - looked_ < kInterval) return;
  looked_ = now;
  const auto stamp = Stamp::of(settings_);
  if (stamp == *stamp_) return;
  *stamp_ = stamp;
  try {
    context_ = open();
    journal_.log(LogLevel::info, "the certificate was read anew", {{"file", settings_.certificate}});
  } catch (const Error& error) {
    journal_.log(LogLevel::error, "the certificate has changed and can't be used; the old one goes on",
                 {{"reason", error.what()}});
  }
}

std::unique_ptr<Transport> Tls::transport(int descriptor) {
  renew_if_changed();
  return std::make_unique<TlsTransport>(context_->ssl.get(), descriptor);
}

}  // namespace fermata::http
