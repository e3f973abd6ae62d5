#include "tls/context.hpp"

#include <openssl/err.h>
#include <sys/stat.h>

#include <array>
#include <tuple>
#include <utility>

#include "fermata/error.hpp"

namespace fermata::tls {
namespace {

constexpr std::chrono::seconds kInterval{1};
constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";  // of TLS 1.2; those of 1.3 are all sound
constexpr unsigned char kHttp11[] = "\x08http/1.1";
constexpr std::string_view kSessionsOf = "fermata";

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

void apply_profile(SSL_CTX& context) {
  ::SSL_CTX_set_min_proto_version(&context, TLS1_2_VERSION);
  ::SSL_CTX_set_cipher_list(&context, kCiphers);
  ::SSL_CTX_set_options(&context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  ::SSL_CTX_set_mode(&context,
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  ::SSL_CTX_set_default_passwd_cb(&context, [](char*, int, int, void*) { return 0; });  // nobody is there to be asked
}

}  // namespace

/// How the files were when they were read.
struct Context::Stamp {
  using Of = std::tuple<ino_t, off_t, time_t, long>;
  std::array<Of, 3> files;

  static Of of(const std::string& file) {
    struct stat found {};
    if (file.empty() || ::stat(file.c_str(), &found) != 0) return {};
    return {found.st_ino, found.st_size, found.st_mtim.tv_sec, found.st_mtim.tv_nsec};
  }
  static Stamp of(const Settings& settings) {
    return {{of(settings.certificate), of(settings.key), of(settings.authorities)}};
  }
  bool operator==(const Stamp&) const = default;
};

Context::Context(Channel::Side side, Settings settings, const Journal& journal)
    : side_(side),
      settings_(std::move(settings)),
      journal_(journal),
      stamp_(std::make_unique<Stamp>(Stamp::of(settings_))) {
  loaded_ = load();
  looked_ = std::chrono::steady_clock::now();
}

Context::~Context() = default;

Context::Loaded Context::load() const {
  ::ERR_clear_error();
  Loaded context(::SSL_CTX_new(side_ == Channel::Side::server ? ::TLS_server_method() : ::TLS_client_method()),
                 &::SSL_CTX_free);
  if (!context) throw Error(Code::out_of_memory, "there is no memory for TLS");
  apply_profile(*context);
  if (settings_.http) ::SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, nullptr);
  if (!settings_.certificate.empty()) identify(*context);
  trust(*context);
  return context;
}

void Context::identify(SSL_CTX& context) const {
  if (::SSL_CTX_use_certificate_chain_file(&context, settings_.certificate.c_str()) != 1)
    throw Error(Code::invalid, "`tls.certificate` " + settings_.certificate + " can't be used: " + reason());
  if (::SSL_CTX_use_PrivateKey_file(&context, settings_.key.c_str(), SSL_FILETYPE_PEM) != 1)
    throw Error(Code::invalid, "`tls.key` " + settings_.key + " can't be used: " + reason());
  if (::SSL_CTX_check_private_key(&context) != 1)
    throw Error(Code::invalid, "`tls.key` " + settings_.key + " does not belong to " + settings_.certificate);
}

void Context::trust(SSL_CTX& context) const {
  const bool server = side_ == Channel::Side::server;
  if (server && settings_.peer_certificate == Settings::Ask::nothing) return;
  const char* file = settings_.authorities.c_str();
  if (::SSL_CTX_load_verify_locations(&context, file, nullptr) != 1)
    throw Error(Code::invalid, "`tls.authorities` " + settings_.authorities + " can't be used: " + reason());
  const bool required = !server || settings_.peer_certificate == Settings::Ask::required;
  ::SSL_CTX_set_verify(&context, SSL_VERIFY_PEER | (required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
                       Channel::look_at_refused);
  if (!server) return;
  ::SSL_CTX_set_client_CA_list(&context, ::SSL_load_client_CA_file(file));
  // A session that is taken up again would keep a certificate that is not trusted any more.
  ::SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_OFF);
  ::SSL_CTX_set_options(&context, SSL_OP_NO_TICKET);
  ::SSL_CTX_set_num_tickets(&context, 0);
  ::SSL_CTX_set_session_id_context(&context, reinterpret_cast<const unsigned char*>(kSessionsOf.data()),
                                   static_cast<unsigned int>(kSessionsOf.size()));
}

Context::Loaded Context::current() {
  const auto now = std::chrono::steady_clock::now();
  if (now - looked_ < kInterval) return loaded_;
  looked_ = now;
  const auto stamp = Stamp::of(settings_);
  if (stamp == *stamp_) return loaded_;
  *stamp_ = stamp;
  try {
    loaded_ = load();
    problem_.clear();
    journal_.log(LogLevel::info, "the certificate was read anew", {{"file", settings_.certificate}});
  } catch (const Error& error) {
    problem_ = error.what();
    journal_.log(LogLevel::error, "the certificate has changed and can't be used; the old one goes on",
                 {{"reason", error.what()}});
  }
  return loaded_;
}

std::unique_ptr<Channel> Context::open(int descriptor) {
  Loaded context;
  {
    const std::lock_guard lock(mutex_);
    context = current();
  }
  return std::make_unique<Channel>(context.get(), descriptor, side_);
}

std::optional<OwnCertificate> Context::own() {
  const std::lock_guard lock(mutex_);
  const auto context = current();
  const auto* certificate = ::SSL_CTX_get0_certificate(context.get());
  if (certificate == nullptr) return {};
  auto first = PeerCertificate::of(*certificate);
  STACK_OF(X509)* chain = nullptr;
  SSL_CTX_get0_chain_certs(context.get(), &chain);
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    auto next = PeerCertificate::of(*sk_X509_value(chain, i));
    if (next.expires < first.expires) first = std::move(next);
  }
  return OwnCertificate{std::move(first.subject), first.expires, problem_};
}

}  // namespace fermata::tls
