#include "access_tokens.hpp"

namespace fermata::accounts {
namespace {

constexpr std::size_t kMostOfOneUser = 100;

}  // namespace

AccessTokens::AccessTokens(StateStore& store, Clock clock) : clock_(std::move(clock)), book_(store, kCollection) {}

std::string AccessTokens::add(AccessToken wanted) {
  if (of(wanted.user).size() >= kMostOfOneUser)
    throw Error(Code::conflict, "This account has 100 access tokens. Delete those that are not used any more.");
  auto token = std::string(kPrefix) + random_token();
  wanted.hash = token_hash(token);
  wanted.created = clock_();
  wanted.last_used = 0;
  book_.add(std::move(wanted));
  return token;
}

std::optional<AccessToken> AccessTokens::find(std::string_view token) {
  const auto now = clock_();
  return book_.use(token_hash(token), now, [now](const AccessToken& t) { return t.expires == 0 || now < t.expires; });
}

std::vector<AccessToken> AccessTokens::of(std::string_view user) const {
  auto list = book_.select([&](const AccessToken& t) { return t.user == user; });
  std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.created > b.created; });
  return list;
}

void AccessTokens::remove(std::string_view user, std::string_view id) {
  if (book_.remove([&](const AccessToken& t) { return t.user == user && token_id(t.hash) == id; }) == 0)
    throw Error(Code::not_found, "There is no such access token.");
}

void AccessTokens::remove_all(std::string_view user) {
  book_.remove([&](const AccessToken& t) { return t.user == user; });
}

void AccessTokens::clean(const std::function<bool(const std::string&)>& exists) {
  book_.remove([&](const AccessToken& t) { return !exists(t.user); });
}

}  // namespace fermata::accounts
