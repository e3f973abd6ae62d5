#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access_tokens.hpp"
#include "account_book.hpp"
#include "basic_login.hpp"
#include "fermata/authenticator.hpp"
#include "sessions.hpp"
#include "web_tokens.hpp"

namespace fermata::accounts {

/// Who sends a request, and how they have shown it. **Thread**: a value.
struct Caller {
  enum class Means { none, session, access_token, web_token, password };
  KnownAccount account;  ///< null: nobody
  Means means = Means::none;
  std::string id;                                       ///< of the session or token
  std::optional<std::vector<std::string>> permissions;  ///< of a token that may not do all that its user may

  /// Whether somebody typed a password for it: what a token may not do is to make others.
  bool is_person() const { return means == Means::session || means == Means::password; }
  bool may(std::string_view permission) const;
};

/// Finds out who sends a request: a session's cookie, an access token or a JSON Web Token of somebody else (RFC 6750),
/// or name and password (RFC 7617).
///
/// **Thread**: any; only a password that was not seen for a minute takes time. **Ownership**: all it is given outlives
/// it. **Errors**: refused (wrong, ended, or not safe from listeners), and those of PasswordLogin.
class Callers {
 public:
  static constexpr std::string_view kCookie = "fermata_session";

  Callers(const AccountBook& accounts, Sessions& sessions, AccessTokens& tokens, WebTokens& web_tokens,
          BasicLogin& basic)
      : accounts_(accounts), sessions_(sessions), tokens_(tokens), web_tokens_(web_tokens), basic_(basic) {}

  /// What is in the field Authorization goes before the cookie.
  Caller of(const Credentials& credentials);
  /// How long a name and password have to wait until they are looked at; 0: not at all.
  int64_t seconds_to_wait(const Credentials& credentials);

 private:
  Caller with_authorization(const Credentials& credentials);
  Caller with_token(std::string_view token);
  Caller with_web_token(std::string_view token);
  Caller with_password(std::string_view encoded, const Credentials& credentials);
  Caller with_cookie(std::string_view token);
  KnownAccount account_of(const std::string& name, int64_t secret_created) const;

  const AccountBook& accounts_;
  Sessions& sessions_;
  AccessTokens& tokens_;
  WebTokens& web_tokens_;
  BasicLogin& basic_;
};

/// The session's token in the field Cookie; empty where there is none.
std::string_view session_cookie(std::string_view cookies);

}  // namespace fermata::accounts
