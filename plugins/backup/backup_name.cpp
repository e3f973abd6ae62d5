#include "backup_name.hpp"

#include <ctime>

#include "fermata/timestamp.hpp"

namespace fermata::backup {
namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr std::size_t kLength = 20;

}  // namespace

std::string backup_name(Moment moment) { return utc_text(moment, "%Y-%m-%dT%H-%M-%SZ"); }

std::optional<Moment> moment_of(std::string_view name) {
  if (name.size() != kLength) return {};
  std::tm time{};
  const std::string text(name);
  const char* end = ::strptime(text.c_str(), "%Y-%m-%dT%H-%M-%SZ", &time);
  if (end == nullptr || *end != '\0') return {};
  return static_cast<Moment>(::timegm(&time)) * kSecond;
}

std::string readable(Moment moment) { return utc_text(moment, "%Y-%m-%d %H:%M UTC"); }

}  // namespace fermata::backup
