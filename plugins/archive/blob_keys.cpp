#include "blob_keys.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace fermata::archive {
namespace {

using std::chrono::milliseconds;

constexpr unsigned kBucketSize = 1000;
constexpr milliseconds kBucketAge = std::chrono::hours(1);
constexpr std::string_view kForm = "dddd/dd/dd/ddddddddd/";

std::string prefix_of(milliseconds time) {
  const auto days = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{std::chrono::sys_days(days)};
  const std::chrono::hh_mm_ss clock(time - days);
  std::array<char, 64> text;
  const int length =
      std::snprintf(text.data(), text.size(), "%04d/%02u/%02u/%02d%02d%02d%03d/", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                    static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                    static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return {text.data(), static_cast<std::size_t>(length)};
}

bool has_form(std::string_view key) {
  if (key.size() < kForm.size()) return false;
  for (std::size_t i = 0; i < kForm.size(); ++i)
    if (kForm[i] == 'd' ? key[i] < '0' || key[i] > '9' : key[i] != kForm[i]) return false;
  return true;
}

int number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

milliseconds time_of(std::string_view key) {
  if (!has_form(key)) return milliseconds{0};
  const std::chrono::year_month_day date{std::chrono::year(number(key.substr(0, 4))),
                                         std::chrono::month(static_cast<unsigned>(number(key.substr(5, 2)))),
                                         std::chrono::day(static_cast<unsigned>(number(key.substr(8, 2))))};
  if (!date.ok()) return milliseconds{0};
  return std::chrono::sys_days(date).time_since_epoch() + std::chrono::hours(number(key.substr(11, 2))) +
         std::chrono::minutes(number(key.substr(13, 2))) + std::chrono::seconds(number(key.substr(15, 2))) +
         milliseconds(number(key.substr(17, 3)));
}

}  // namespace

void BlobKeys::raise_floor(std::string_view key) {
  const std::lock_guard lock(mutex_);
  bucket_ = std::max(bucket_, time_of(key));
  last_ = std::max(last_, std::string(key));
  prefix_.clear();
}

BlobKeys::Lease BlobKeys::next() {
  const auto now = std::chrono::floor<milliseconds>(clock_().time_since_epoch());
  const std::lock_guard lock(mutex_);
  const bool other_day = std::chrono::floor<std::chrono::days>(now) > std::chrono::floor<std::chrono::days>(bucket_);
  if (prefix_.empty() || used_ == kBucketSize || other_day || now - bucket_ >= kBucketAge) open_bucket(now);
  std::array<char, 16> name;
  const int length = std::snprintf(name.data(), name.size(), "%04u.dcm", used_++);
  std::string key = prefix_ + std::string(name.data(), static_cast<std::size_t>(length));
  in_flight_.emplace(key, last_);
  last_ = key;
  return {*this, std::move(key)};
}

void BlobKeys::open_bucket(milliseconds now) {
  bucket_ = std::max(now, bucket_ + milliseconds(1));
  prefix_ = prefix_of(bucket_);
  used_ = 0;
}

void BlobKeys::abandon_bucket() {
  const std::lock_guard lock(mutex_);
  prefix_.clear();
}

std::string BlobKeys::settled() const {
  const std::lock_guard lock(mutex_);
  return in_flight_.empty() ? last_ : in_flight_.begin()->second;
}

void BlobKeys::settle(const std::string& key) {
  const std::lock_guard lock(mutex_);
  in_flight_.erase(key);
}

bool BlobKeys::is_own(std::string_view key) { return has_form(key); }

int64_t BlobKeys::time_us(std::string_view key) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time_of(key)).count();
}

}  // namespace fermata::archive
