#include "web_tokens.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>
#include <sodium.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "fermata/error.hpp"

using namespace fermata;
using namespace fermata::accounts;

namespace {

constexpr int64_t kNow = 1'800'000'000;

std::string base64url(std::string_view text) {
  std::string out(sodium_base64_encoded_len(text.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  out.resize(out.size() - 1);
  return out;
}

std::string number_of(EVP_PKEY* key, const char* name, int width) {
  BIGNUM* value = nullptr;
  REQUIRE(EVP_PKEY_get_bn_param(key, name, &value) == 1);
  std::string text(static_cast<std::size_t>(width > 0 ? width : BN_num_bytes(value)), '\0');
  BN_bn2binpad(value, reinterpret_cast<unsigned char*>(text.data()), static_cast<int>(text.size()));
  BN_free(value);
  return text;
}

/// Makes tokens as a login service does.
class LoginService {
 public:
  LoginService() : rsa_(EVP_RSA_gen(2048)), ec_(EVP_EC_gen("P-256")), secret_(32, 's') {}
  ~LoginService() {
    EVP_PKEY_free(rsa_);
    EVP_PKEY_free(ec_);
  }

  std::string rsa_jwk() const {
    return R"({"kty":"RSA","kid":"r","use":"sig","n":")" + base64url(number_of(rsa_, OSSL_PKEY_PARAM_RSA_N, 0)) +
           R"(","e":")" + base64url(number_of(rsa_, OSSL_PKEY_PARAM_RSA_E, 0)) + R"("})";
  }
  std::string ec_jwk() const {
    return R"({"kty":"EC","crv":"P-256","kid":"e","x":")" + base64url(number_of(ec_, OSSL_PKEY_PARAM_EC_PUB_X, 32)) +
           R"(","y":")" + base64url(number_of(ec_, OSSL_PKEY_PARAM_EC_PUB_Y, 32)) + R"("})";
  }
  std::string secret_jwk() const { return R"({"kty":"oct","k":")" + base64url(secret_) + R"("})"; }
  std::string set() const { return R"({"keys":[)" + rsa_jwk() + "," + ec_jwk() + "," + secret_jwk() + "]}"; }

  std::string token(const std::string& algorithm, const std::string& claims, const std::string& more = "") const {
    const auto text = base64url(R"({"alg":")" + algorithm + "\"" + more + "}") + "." + base64url(claims);
    return text + "." + base64url(signature(algorithm, text));
  }
  /// RS256's public key taken for a secret: what a careless service falls for.
  std::string confused(const std::string& claims) const {
    const auto text = base64url(R"({"alg":"HS256","kid":"r"})") + "." + base64url(claims);
    return text + "." + base64url(mac(number_of(rsa_, OSSL_PKEY_PARAM_RSA_N, 0), text));
  }

 private:
  static std::string mac(const std::string& secret, const std::string& text) {
    std::string out(32, '\0');
    unsigned int length = 0;
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), reinterpret_cast<unsigned char*>(out.data()),
         &length);
    return out;
  }
  std::string signature(const std::string& algorithm, const std::string& text) const {
    if (algorithm == "HS256") return mac(secret_, text);
    if (algorithm != "RS256" && algorithm != "ES256") return {};
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, algorithm == "RS256" ? rsa_ : ec_);
    std::string out(512, '\0');
    std::size_t length = out.size();
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(out.data()), &length,
                   reinterpret_cast<const unsigned char*>(text.data()), text.size());
    EVP_MD_CTX_free(context);
    out.resize(length);
    if (algorithm == "RS256") return out;
    const auto* der = reinterpret_cast<const unsigned char*>(out.data());
    ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &der, static_cast<long>(out.size()));
    std::string raw(64, '\0');
    BN_bn2binpad(ECDSA_SIG_get0_r(pair), reinterpret_cast<unsigned char*>(raw.data()), 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair), reinterpret_cast<unsigned char*>(raw.data()) + 32, 32);
    ECDSA_SIG_free(pair);
    return raw;
  }

  EVP_PKEY* rsa_;
  EVP_PKEY* ec_;
  std::string secret_;
};

struct Scene {
  explicit Scene(WebTokenSettings settings = {}) {
    write(service.set());
    settings.keys = file;
    tokens = std::make_unique<WebTokens>(settings, clock);
  }
  ~Scene() { std::filesystem::remove(file); }
  void write(const std::string& text) const {
    std::ofstream(file + ".new") << text, std::filesystem::rename(file + ".new", file);
  }
  std::string refusal(const std::string& token) const {
    try {
      tokens->check(token);
    } catch (const Error& error) {
      CHECK(error.code() == Code::refused);
      return error.what();
    }
    return "none";
  }

  const std::string file = std::filesystem::temp_directory_path() / ("jwks-" + std::to_string(::getpid()));
  LoginService service;
  Clock clock = [] { return kNow; };
  std::unique_ptr<WebTokens> tokens;
};

const std::string kGood =
    R"({"sub":"jane","exp":1800000100,"iat":1799999990,"iss":"https://login","aud":["x","pacs"]})";

}  // namespace

TEST_CASE("tokens of the three algorithms are taken, and name their user") {
  Scene scene;
  for (const std::string algorithm : {"RS256", "ES256", "HS256"}) {
    const auto claims = scene.tokens->check(scene.service.token(algorithm, kGood));
    CHECK(claims.user == "jane");
    CHECK(claims.issued == 1'799'999'990);
  }
  CHECK(scene.tokens->check(scene.service.token("RS256", kGood, R"(,"kid":"r")")).user == "jane");
}

TEST_CASE("a token that was changed, or signed by nobody or in another way than its key says, is refused") {
  Scene scene;
  const std::string unsigned_one = "is not signed by a key that is known here";
  for (const std::string algorithm : {"RS256", "ES256", "HS256"}) {
    auto token = scene.service.token(algorithm, kGood);
    const auto middle = token.find('.');
    auto other = token;
    other.replace(middle + 1, token.rfind('.') - middle - 1, base64url(R"({"sub":"admin","exp":1800000100})"));
    CHECK(scene.refusal(other).find(unsigned_one) != std::string::npos);
    token[token.rfind('.') + 5] = token[token.rfind('.') + 5] == 'A' ? 'B' : 'A';
    CHECK(scene.refusal(token).find(unsigned_one) != std::string::npos);
    CHECK(scene.refusal(token.substr(0, token.rfind('.') + 1)).find(unsigned_one) != std::string::npos);
  }
  CHECK(scene.refusal(scene.service.token("none", kGood)).find(unsigned_one) != std::string::npos);
  CHECK(scene.refusal(scene.service.confused(kGood)).find(unsigned_one) != std::string::npos);
  CHECK(scene.refusal(scene.service.token("RS256", kGood, R"(,"kid":"e")")).find(unsigned_one) != std::string::npos);
  CHECK(scene.refusal(scene.service.token("RS256", kGood, R"(,"crit":["x"])")).find("extensions") != std::string::npos);
  for (const std::string token : {"..", "a.b.c", "e30.e30.", "bnVsbA.bnVsbA.AA", "\xff.\xff.\xff"})
    CHECK(scene.refusal(token) != "none");
  CHECK(scene.refusal(std::string(20'000, 'a') + "..").find("is longer than 16 KiB") != std::string::npos);
}

TEST_CASE("a token counts in its time, and for whom it is meant") {
  WebTokenSettings settings;
  settings.issuer = "https://login";
  settings.audience = "pacs";
  settings.user_claim = "name";
  Scene scene(settings);
  const auto refusal = [&](const std::string& claims) { return scene.refusal(scene.service.token("ES256", claims)); };
  const std::string rest = R"(,"iss":"https://login","aud":"pacs","name":"jane"})";
  CHECK(refusal(R"({"exp":1800000001)" + rest) == "none");
  CHECK(refusal(R"({"exp":1799999950)" + rest) == "none");  // clocks differ
  CHECK(refusal(R"({"exp":1799999940)" + rest).find("has expired") != std::string::npos);
  CHECK(refusal(R"({"x":1)" + rest).find("never expires") != std::string::npos);
  CHECK(refusal(R"({"exp":"soon")" + rest).find("is malformed") != std::string::npos);
  CHECK(refusal(R"({"exp":1800000001,"nbf":1800000070)" + rest).find("is not valid yet") != std::string::npos);
  CHECK(refusal(R"({"exp":1800000001,"iss":"https://evil","aud":"pacs","name":"jane"})").find("another issuer") !=
        std::string::npos);
  CHECK(refusal(R"({"exp":1800000001,"iss":"https://login","aud":"mail","name":"jane"})").find("somebody else") !=
        std::string::npos);
  CHECK(refusal(R"({"exp":1800000001,"iss":"https://login","aud":"pacs","sub":"jane"})").find("names no user") !=
        std::string::npos);
}

TEST_CASE("keys are read anew, and broken ones are not taken up") {
  Scene scene;
  const LoginService other;
  const auto token = other.token("RS256", kGood);
  CHECK(scene.refusal(token) != "none");
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));
  scene.write(other.set());
  CHECK(scene.refusal(token) == "none");
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));
  scene.write("{");
  CHECK(scene.refusal(token) == "none");
}

TEST_CASE("a file without usable keys is named, and without one no token is taken") {
  const Clock clock = [] { return kNow; };
  CHECK_THROWS_WITH(WebTokens({"/nowhere/keys.json", "", "", "sub"}, clock), Catch::Contains("/nowhere/keys.json"));
  for (const std::string text : {"", "[]", R"({"keys":[]})", R"({"keys":[{"kty":"oct","k":"c2hvcnQ"}]})",
                                 R"({"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]})",
                                 R"({"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]})"})
    CHECK_THROWS_AS(read_web_keys(text), Error);
  WebTokens none({}, clock);
  CHECK_THROWS_WITH(none.check("a.b.c"), Catch::Contains("names no keys"));
  CHECK(WebTokens::is_one("a.b.c"));
  CHECK_FALSE(WebTokens::is_one("fermata_abc"));
}
