#include "backup_name.hpp"

#include <chrono>
#include <cstdio>
#include <ctime>

namespace fermata::backup {
namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr std::size_t kLength = 20;

std::string formatted(Moment moment, const char* format) {
  const auto seconds = static_cast<std::time_t>(moment / kSecond);
  std::tm time{};
  ::gmtime_r(&seconds, &time);
  char text[40];
  return {text, std::strftime(text, sizeof text, format, &time)};
}

}  // namespace

Moment now() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string backup_name(Moment moment) { return formatted(moment, "%Y-%m-%dT%H-%M-%SZ"); }

std::optional<Moment> moment_of(std::string_view name) {
  if (name.size() != kLength) return {};
  std::tm time{};
  const std::string text(name);
  const char* end = ::strptime(text.c_str(), "%Y-%m-%dT%H-%M-%SZ", &time);
  if (end == nullptr || *end != '\0') return {};
  return static_cast<Moment>(::timegm(&time)) * kSecond;
}

std::string readable(Moment moment) { return formatted(moment, "%Y-%m-%d %H:%M UTC"); }

}  // namespace fermata::backup
