#include "sessions.hpp"

namespace fermata::accounts {
namespace {

constexpr std::size_t kLongestUserAgent = 300;

/// Without the half of a character at its end.
std::string shortened(std::string_view text) {
  auto end = std::min(text.size(), kLongestUserAgent);
  while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return std::string(text.substr(0, end));
}

}  // namespace

Sessions::Sessions(StateStore& store, SessionLimits limits, Clock clock)
    : limits_(limits), clock_(std::move(clock)), book_(store, kCollection) {}

std::string Sessions::open(std::string_view user, std::string_view address, std::string_view user_agent) {
  make_room(user);
  auto token = random_token();
  const auto now = clock_();
  book_.add({token_hash(token), std::string(user), now, now, std::string(address), shortened(user_agent)});
  return token;
}

std::optional<Session> Sessions::find(std::string_view token) {
  return book_.use(token_hash(token), clock_(), [this](const Session& s) { return holds(s); });
}

std::vector<Session> Sessions::of(std::string_view user) const {
  auto list = book_.select([&](const Session& s) { return s.user == user && holds(s); });
  std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.last_used > b.last_used; });
  return list;
}

void Sessions::close(std::string_view user, std::string_view id) {
  if (book_.remove([&](const Session& s) { return s.user == user && token_id(s.hash) == id; }) == 0)
    throw Error(Code::not_found, "There is no such session. It may have ended.");
}

void Sessions::close_all(std::string_view user, std::string_view except_id) {
  book_.remove([&](const Session& s) { return s.user == user && token_id(s.hash) != except_id; });
}

void Sessions::clean(const std::function<bool(const std::string&)>& exists) {
  book_.remove([&](const Session& s) { return !holds(s) || !exists(s.user); });
}

bool Sessions::holds(const Session& session) const {
  const auto now = clock_();
  return now - session.last_used < limits_.idle.count() && now - session.created < limits_.lifetime.count();
}

void Sessions::make_room(std::string_view user) {
  auto list = of(user);
  for (; list.size() >= limits_.per_user; list.pop_back())
    book_.remove([&](const Session& s) { return s.hash == list.back().hash; });
}

}  // namespace fermata::accounts
