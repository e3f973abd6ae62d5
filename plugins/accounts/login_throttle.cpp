#include "login_throttle.hpp"

#include <algorithm>

#include "fermata/ip_address.hpp"

namespace fermata::accounts {
namespace {

constexpr int64_t kFree = 5;  // failures that cost nothing
constexpr int64_t kLongestForAccount = 60;
constexpr int64_t kLongestForAddress = 15 * 60;
constexpr int64_t kForgottenAfter = 24 * 3600;
constexpr std::size_t kMostEntries = 10'000;

/// Who has one address of an IPv6 network has them all.
std::string network_of(std::string_view address) {
  const auto parsed = IpAddress::parse(address);
  if (!parsed) return std::string(address);
  auto bytes = parsed->bytes();
  if (!parsed->is_ipv4()) std::fill(bytes.begin() + 8, bytes.end(), uint8_t{0});
  return IpAddress::from_bytes(bytes).text();
}

std::string both(std::string_view account, const std::string& network) { return std::string(account) + ' ' + network; }

}  // namespace

void LoginThrottle::attempt(std::string_view account, std::string_view address) {
  const auto now = clock_();
  const auto network = network_of(address);
  const auto pair = both(account, network);
  const std::string name(account);
  const std::lock_guard lock(mutex_);
  const bool known = known_.knows(pair);
  if (const auto wait = wait_of(account, address, now); wait > 0) throw TooManyLogins(wait);
  if (known) return known_.add(pair, now, kLongestForAccount);
  accounts_.add(name, now, kLongestForAccount);
  addresses_.add(network, now, kLongestForAddress);
}

int64_t LoginThrottle::seconds_to_wait(std::string_view account, std::string_view address) {
  const auto now = clock_();
  const std::lock_guard lock(mutex_);
  return std::max<int64_t>(wait_of(account, address, now), 0);
}

/// `mutex_` is held.
int64_t LoginThrottle::wait_of(std::string_view account, std::string_view address, int64_t now) const {
  const auto network = network_of(address);
  const auto pair = both(account, network);
  if (known_.knows(pair)) return known_.seconds_to_wait(pair, now);
  return std::max(accounts_.seconds_to_wait(std::string(account), now), addresses_.seconds_to_wait(network, now));
}

void LoginThrottle::succeeded(std::string_view account, std::string_view address) {
  const auto now = clock_();
  const auto network = network_of(address);
  const auto pair = both(account, network);
  const std::lock_guard lock(mutex_);
  if (!known_.knows(pair)) {
    accounts_.take_back(std::string(account));
    addresses_.take_back(network);
  }
  known_.trust(pair, now);
}

void LoginThrottle::trust(std::string_view account, std::string_view address) {
  const std::lock_guard lock(mutex_);
  known_.trust(both(account, network_of(address)), clock_());
}

void LoginThrottle::Table::trust(const std::string& key, int64_t now) {
  make_room(now);
  entries_[key] = {0, 0, now};
}

int64_t LoginThrottle::Table::seconds_to_wait(const std::string& key, int64_t now) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? 0 : std::max<int64_t>(0, found->second.not_before - now);
}

void LoginThrottle::Table::add(const std::string& key, int64_t now, int64_t longest) {
  make_room(now);
  auto& failures = entries_[key];
  if (now - failures.last > kForgottenAfter) failures.count = 0;
  ++failures.count;
  failures.last = now;
  const auto beyond = failures.count - kFree;
  failures.not_before = beyond < 0 ? 0 : now + std::min(longest, int64_t{1} << std::min<int64_t>(beyond, 20));
}

void LoginThrottle::Table::take_back(const std::string& key) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return;
  if (--found->second.count <= 0)
    entries_.erase(found);
  else
    found->second.not_before = 0;
}

void LoginThrottle::Table::make_room(int64_t now) {
  if (entries_.size() < kMostEntries) return;
  std::erase_if(entries_, [now](const auto& entry) { return now - entry.second.last > kForgottenAfter; });
  if (entries_.size() < kMostEntries) return;
  entries_.erase(std::min_element(entries_.begin(), entries_.end(),
                                  [](const auto& a, const auto& b) { return a.second.last < b.second.last; }));
}

}  // namespace fermata::accounts
