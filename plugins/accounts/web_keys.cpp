#include "web_keys.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <sodium.h>

#include <array>
#include <boost/json.hpp>

#include "fermata/error.hpp"

namespace fermata::accounts {
namespace {

namespace json = boost::json;

constexpr std::size_t kShortestSecret = 32;  // as long as the hash, RFC 7518 3.2
constexpr std::size_t kCoordinate = 32;      // of P-256
constexpr int kShortestRsa = 2048;

using Number = std::unique_ptr<BIGNUM, decltype(&::BN_free)>;
using Key = std::shared_ptr<EVP_PKEY>;

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string member(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

Number number(std::string_view big_endian) {
  return {::BN_bin2bn(bytes(big_endian), static_cast<int>(big_endian.size()), nullptr), &::BN_free};
}

/// A public key of these parameters; null if they are none.
Key made(const char* kind, OSSL_PARAM_BLD* builder) {
  const std::unique_ptr<OSSL_PARAM, decltype(&::OSSL_PARAM_free)> parameters(::OSSL_PARAM_BLD_to_param(builder),
                                                                             &::OSSL_PARAM_free);
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&::EVP_PKEY_CTX_free)> context(
      ::EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr), &::EVP_PKEY_CTX_free);
  EVP_PKEY* key = nullptr;
  if (!parameters || !context || ::EVP_PKEY_fromdata_init(context.get()) != 1 ||
      ::EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1)
    return nullptr;
  return {key, &::EVP_PKEY_free};
}

using Builder = std::unique_ptr<OSSL_PARAM_BLD, decltype(&::OSSL_PARAM_BLD_free)>;

Key rsa_key(const json::object& object) {
  const auto modulus = number(base64url_decoded(member(object, "n")));
  const auto exponent = number(base64url_decoded(member(object, "e")));
  const Builder builder(::OSSL_PARAM_BLD_new(), &::OSSL_PARAM_BLD_free);
  ::OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
  ::OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get());
  auto key = made("RSA", builder.get());
  if (!key || ::EVP_PKEY_get_bits(key.get()) < kShortestRsa)
    throw Error(Code::invalid, "an RSA key in it is broken, or has less than 2048 bits");
  return key;
}

Key ec_key(const json::object& object) {
  const auto x = base64url_decoded(member(object, "x"));
  const auto y = base64url_decoded(member(object, "y"));
  if (x.size() != kCoordinate || y.size() != kCoordinate) throw Error(Code::invalid, "an EC key in it is broken");
  const auto point = "\x04" + x + y;  // uncompressed, SEC 1 2.3.3
  const Builder builder(::OSSL_PARAM_BLD_new(), &::OSSL_PARAM_BLD_free);
  ::OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  ::OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  auto key = made("EC", builder.get());
  if (!key) throw Error(Code::invalid, "an EC key in it is broken");
  return key;
}

WebKey read_key(const json::object& object) {
  const auto kind = member(object, "kty");
  WebKey key;
  key.id = member(object, "kid");
  if (kind == "RSA") {
    key.algorithm = "RS256";
    key.public_key = rsa_key(object);
  } else if (kind == "EC" && member(object, "crv") == "P-256") {
    key.algorithm = "ES256";
    key.public_key = ec_key(object);
  } else if (kind == "oct") {
    key.algorithm = "HS256";
    key.secret = base64url_decoded(member(object, "k"));
    if (key.secret.size() < kShortestSecret) throw Error(Code::invalid, "a secret in it has less than 32 bytes");
  }
  return key;
}

/// The two numbers of JWS (RFC 7518 3.4) as OpenSSL wants them.
std::string der_signature(std::string_view raw) {
  if (raw.size() != 2 * kCoordinate) return {};
  const std::unique_ptr<ECDSA_SIG, decltype(&::ECDSA_SIG_free)> signature(::ECDSA_SIG_new(), &::ECDSA_SIG_free);
  auto r = number(raw.substr(0, kCoordinate));
  auto s = number(raw.substr(kCoordinate));
  if (::ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) return {};
  static_cast<void>(r.release());
  static_cast<void>(s.release());
  unsigned char* encoded = nullptr;
  const int length = ::i2d_ECDSA_SIG(signature.get(), &encoded);
  if (length <= 0) return {};
  std::string der(reinterpret_cast<char*>(encoded), static_cast<std::size_t>(length));
  ::OPENSSL_free(encoded);
  return der;
}

bool verifies_with_secret(std::string_view secret, std::string_view text, std::string_view signature) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> expected{};
  unsigned int length = 0;
  if (::HMAC(::EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes(text), text.size(), expected.data(),
             &length) == nullptr)
    return false;
  return signature.size() == length && ::CRYPTO_memcmp(expected.data(), signature.data(), length) == 0;
}

}  // namespace

bool WebKey::verifies(std::string_view text, std::string_view signature) const {
  if (!public_key) return verifies_with_secret(secret, text, signature);
  const auto der = algorithm == "ES256" ? der_signature(signature) : std::string(signature);
  const std::unique_ptr<EVP_MD_CTX, decltype(&::EVP_MD_CTX_free)> context(::EVP_MD_CTX_new(), &::EVP_MD_CTX_free);
  return context && !der.empty() &&
         ::EVP_DigestVerifyInit(context.get(), nullptr, ::EVP_sha256(), nullptr, public_key.get()) == 1 &&
         ::EVP_DigestVerify(context.get(), bytes(der), der.size(), bytes(text), text.size()) == 1;
}

std::vector<WebKey> read_web_keys(std::string_view text) {
  std::vector<WebKey> keys;
  try {
    const auto set = json::parse(text);
    for (const auto& value : set.as_object().at("keys").as_array()) {
      const auto& object = value.as_object();
      const auto use = member(object, "use");
      const auto algorithm = member(object, "alg");
      if (!use.empty() && use != "sig") continue;
      auto key = read_key(object);
      if (!key.algorithm.empty() && (algorithm.empty() || algorithm == key.algorithm)) keys.push_back(std::move(key));
    }
  } catch (const Error&) {
    throw;
  } catch (const std::exception&) {
    throw Error(Code::invalid, "it is no JWK Set (RFC 7517)");
  }
  if (keys.empty()) throw Error(Code::invalid, "it has no key for RS256, ES256 or HS256");
  return keys;
}

std::string base64url_decoded(std::string_view text) {
  std::string out(text.size(), '\0');
  std::size_t length = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(), text.size(), nullptr,
                        &length, nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
    throw Error(Code::invalid, "a value is no base64url (RFC 7515)");
  out.resize(length);
  return out;
}

}  // namespace fermata::accounts
