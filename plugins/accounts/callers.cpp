#include "callers.hpp"

#include <sodium.h>

#include <algorithm>

#include "fermata/error.hpp"

namespace fermata::accounts {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// What follows the scheme, if it is that one.
std::optional<std::string_view> after_scheme(std::string_view authorization, std::string_view scheme) {
  const auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
  if (authorization.size() <= scheme.size() || authorization[scheme.size()] != ' ' ||
      !std::equal(scheme.begin(), scheme.end(), authorization.begin(), same))
    return {};
  return trimmed(authorization.substr(scheme.size()));
}

std::string base64_decoded(std::string_view text) {
  std::string out(text.size(), '\0');
  std::size_t length = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(), text.size(), nullptr,
                        &length, nullptr, sodium_base64_VARIANT_ORIGINAL) != 0)
    throw Error(Code::refused, PasswordLogin::kWrong);
  out.resize(length);
  return out;
}

}  // namespace

bool Caller::may(std::string_view permission) const {
  if (permission == kMayLogIn) return account != nullptr;
  return account && account->may(permission) &&
         (!permissions || std::find(permissions->begin(), permissions->end(), permission) != permissions->end());
}

Caller Callers::of(const Credentials& credentials) {
  if (!trimmed(credentials.authorization).empty()) return with_authorization(credentials);
  const auto cookie = session_cookie(credentials.cookie);
  return cookie.empty() ? Caller{} : with_cookie(cookie);
}

Caller Callers::with_authorization(const Credentials& credentials) {
  const auto field = trimmed(credentials.authorization);
  if (const auto token = after_scheme(field, "Bearer")) return with_token(*token);
  if (const auto encoded = after_scheme(field, "Basic")) return with_password(*encoded, credentials);
  throw Error(Code::refused, "The field Authorization names neither Bearer nor Basic, the ways to log in there are.");
}

/// An account that was made after the token is another one of the same name.
Caller Callers::with_web_token(std::string_view token) {
  const auto claims = web_tokens_.check(token);
  const auto account = accounts_.find(claims.user);
  if (account && account->enabled && (claims.issued == 0 || account->created <= claims.issued))
    return {account, Caller::Means::web_token, {}, {}};
  throw Error(Code::refused, "The JSON Web Token is for a user who has no account here.");
}

Caller Callers::with_token(std::string_view token) {
  if (WebTokens::is_one(token)) return with_web_token(token);
  const auto found = tokens_.find(token);
  if (const auto account = found ? account_of(found->user, found->created) : nullptr)
    return {account, Caller::Means::access_token, token_id(found->hash), found->permissions};
  throw Error(Code::refused, "This access token is unknown, or it has expired.");
}

Caller Callers::with_password(std::string_view encoded, const Credentials& credentials) {
  if (!credentials.secure)
    throw Error(Code::refused,
                "A password in the field Authorization is accepted over HTTPS only, because everybody on the way could "
                "read it. Use HTTPS, or an access token.");
  auto decoded = base64_decoded(encoded);
  auto account = basic_.check(decoded, credentials.peer_address);
  sodium_memzero(decoded.data(), decoded.size());
  return {std::move(account), Caller::Means::password, {}, {}};
}

Caller Callers::with_cookie(std::string_view token) {
  const auto session = sessions_.find(token);
  if (const auto account = session ? account_of(session->user, session->created) : nullptr)
    return {account, Caller::Means::session, token_id(session->hash), {}};
  throw Error(Code::refused, "This session has ended. Log in again.");
}

int64_t Callers::seconds_to_wait(const Credentials& credentials) {
  const auto encoded = after_scheme(trimmed(credentials.authorization), "Basic");
  if (!encoded) return 0;
  auto decoded = base64_decoded(*encoded);
  const auto seconds = basic_.seconds_to_wait(decoded, credentials.peer_address);
  sodium_memzero(decoded.data(), decoded.size());
  return seconds;
}

/// Null where it can't be used. Another account of the same name may be younger than the secret.
KnownAccount Callers::account_of(const std::string& name, int64_t secret_created) const {
  auto account = accounts_.find(name);
  return account && account->enabled && account->created <= secret_created ? account : nullptr;
}

std::string_view session_cookie(std::string_view cookies) {
  while (!cookies.empty()) {
    const auto end = std::min(cookies.find(';'), cookies.size());
    const auto pair = trimmed(cookies.substr(0, end));
    const auto equals = std::min(pair.find('='), pair.size());
    if (pair.substr(0, equals) == Callers::kCookie && equals < pair.size()) return pair.substr(equals + 1);
    cookies.remove_prefix(std::min(end + 1, cookies.size()));
  }
  return {};
}

}  // namespace fermata::accounts
