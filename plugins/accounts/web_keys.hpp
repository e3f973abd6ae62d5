#pragma once
#include <openssl/evp.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fermata::accounts {

/// A key that signs JSON Web Tokens, from a JWK Set (RFC 7517). Its kind decides which algorithm it is good for, not
/// the token: RSA for RS256, EC on P-256 for ES256, octets for HS256.
struct WebKey {
  std::string id;         ///< `kid`; may be empty
  std::string algorithm;  ///< of RFC 7518
  std::shared_ptr<EVP_PKEY> public_key;
  std::string secret;  ///< of HS256

  bool verifies(std::string_view signed_text, std::string_view signature) const;
};

/// The keys of a JWK Set; those that are not for signatures, or of another kind, are passed over.
/// **Errors**: invalid, saying what is wrong: nothing in it can be used, a key is broken, or a secret has less than 32
/// bytes.
std::vector<WebKey> read_web_keys(std::string_view json);

/// Text of base64url without padding (RFC 7515 2). **Errors**: invalid.
std::string base64url_decoded(std::string_view text);

}  // namespace fermata::accounts
