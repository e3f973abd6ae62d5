#pragma once
#include "access_tokens.hpp"
#include "account_book.hpp"
#include "account_events.hpp"
#include "account_identity.hpp"
#include "basic_login.hpp"
#include "callers.hpp"
#include "clock.hpp"
#include "fermata/archive.hpp"
#include "fermata/audit_trail.hpp"
#include "fermata/state_store.hpp"
#include "login_throttle.hpp"
#include "password_hasher.hpp"
#include "password_login.hpp"
#include "sessions.hpp"
#include "settings.hpp"
#include "setup_links.hpp"
#include "study_visibility.hpp"

namespace fermata::accounts {

/// All that knows accounts, put together: what the HTTP interface, the command and the authenticator work with.
///
/// **Thread**: any, once made. **Ownership**: what it is given outlives it; archive and trail may be null.
struct AccountServices {
  AccountServices(StateStore& store, Archive* archive, AuditTrail* trail, const Settings& given, const Clock& time);

  /// What has to be done now and then: writes when sessions and tokens were used, and forgets what has ended.
  void tidy();
  void write_used();

  const Settings settings;
  const Clock clock;
  const AccountEvents events;
  AccountBook accounts;
  Sessions sessions;
  AccessTokens tokens;
  PasswordHasher hasher;
  LoginThrottle throttle;
  PasswordLogin login;
  WebTokens web_tokens;
  BasicLogin basic;
  Callers callers;
  SetupLinks links;
  StudyVisibility visibility;
  AccountAuthenticator authenticator;
};

}  // namespace fermata::accounts
