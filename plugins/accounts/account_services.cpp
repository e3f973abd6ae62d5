#include "account_services.hpp"

namespace fermata::accounts {

AccountServices::AccountServices(StateStore& store, Archive* archive, AuditTrail* trail, const Settings& given,
                                 const Clock& time)
    : settings(given),
      clock(time),
      events(trail),
      accounts(store),
      sessions(store, given.sessions, time),
      tokens(store, time),
      hasher(given.hash_cost, given.hashes_at_once),
      throttle(time),
      login(accounts, hasher, throttle, events, time),
      web_tokens(given.web_tokens, clock),
      basic(accounts, login, time),
      callers(accounts, sessions, tokens, web_tokens, basic),
      links(accounts, time),
      visibility(archive, store),
      authenticator(callers, visibility) {
  for (const auto& session : sessions.all()) throttle.trust(session.user, session.address);
}

void AccountServices::tidy() {
  write_used();
  const auto exists = [this](const std::string& user) { return accounts.find(user) != nullptr; };
  sessions.clean(exists);
  tokens.clean(exists);
}

void AccountServices::write_used() {
  sessions.write_used();
  tokens.write_used();
}

}  // namespace fermata::accounts
