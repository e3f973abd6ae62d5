#include "event_filter.hpp"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <ctime>

#include "fermata/error.hpp"
#include "fermata/timestamp.hpp"

namespace fermata::audit_trail {
namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kDay = 86'400 * kSecond;

bool contains(std::string_view text, std::string_view part) {
  const auto same = [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); };
  return part.empty() || std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

bool is_action(std::string_view word, std::string_view wanted) {
  return word.starts_with(wanted) && (word.size() == wanted.size() || word[wanted.size()] == '.');
}

[[noreturn]] void refuse(std::string_view text) {
  throw Error(Code::invalid, "\"" + std::string(text) + "\" is no moment such as 2026-11-27T19:30:00Z or 2026-11-27");
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

int take_number(std::string_view& text, std::size_t digits) {
  int number = 0;
  if (text.size() < digits) return -1;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    number = number * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return number;
}

/// What follows the seconds: a fraction, and a time zone. Microseconds that are to be added.
bool take_rest(std::string_view& text, int64_t& us) {
  if (take(text, '.'))
    for (int64_t unit = kSecond / 10; !text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) != 0;
         unit /= 10)
      us += take_number(text, 1) * unit;
  if (take(text, 'Z') || take(text, 'z')) return true;
  const bool east = take(text, '+') || take(text, ' ');  // "+" in a query is a space
  if (!east && !take(text, '-')) return false;
  const int hours = take_number(text, 2);
  const bool colon = take(text, ':');
  const int minutes = take_number(text, 2);
  if (hours < 0 || !colon || minutes < 0) return false;
  us += (east ? -1 : 1) * (hours * 60 + minutes) * 60 * kSecond;
  return true;
}

}  // namespace

bool EventFilter::matches(const RecordedEvent& event) const {
  return event.number < before && event.time_us >= from_us && event.time_us <= to_us && contains(event.user, user) &&
         (action.empty() || is_action(event.action, action)) && contains(event.object, object);
}

int64_t parse_moment(std::string_view text, bool end) {
  auto rest = text;
  std::tm parts{};
  parts.tm_year = take_number(rest, 4) - 1900;
  bool good = take(rest, '-');
  parts.tm_mon = take_number(rest, 2) - 1;
  good = good && take(rest, '-');
  parts.tm_mday = take_number(rest, 2);
  if (!good || parts.tm_year < 0 || parts.tm_mon < 0 || parts.tm_mon > 11 || parts.tm_mday < 1 || parts.tm_mday > 31)
    refuse(text);
  if (rest.empty()) return timegm(&parts) * kSecond + (end ? kDay - 1 : 0);
  if (!take(rest, 'T') && !take(rest, 't') && !take(rest, ' ')) refuse(text);
  parts.tm_hour = take_number(rest, 2);
  good = take(rest, ':');
  parts.tm_min = take_number(rest, 2);
  good = good && take(rest, ':');
  parts.tm_sec = take_number(rest, 2);
  int64_t more_us = 0;
  if (!good || parts.tm_hour < 0 || parts.tm_min < 0 || parts.tm_sec < 0 || !take_rest(rest, more_us) || !rest.empty())
    refuse(text);
  return timegm(&parts) * kSecond + more_us;
}

std::string moment_text_with_fraction(int64_t us) {
  auto text = rfc3339(us);
  char fraction[8];
  std::snprintf(fraction, sizeof fraction, ".%03dZ", static_cast<int>(us % kSecond / 1000));
  text.replace(text.size() - 1, 1, fraction);
  return text;
}

}  // namespace fermata::audit_trail
