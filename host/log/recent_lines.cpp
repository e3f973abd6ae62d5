#include "log/recent_lines.hpp"

#include <algorithm>

#include "fermata/timestamp.hpp"

namespace fermata::host {
namespace {

constexpr std::size_t kLongestText = 4096;

/// Not in the middle of a character of UTF-8.
std::string_view cut(std::string_view text) {
  if (text.size() <= kLongestText) return text;
  std::size_t end = kLongestText;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

}  // namespace

void RecentLines::add(int32_t level, std::string_view instance, std::string_view message, std::string_view fields) {
  const std::lock_guard lock(mutex_);
  const auto place = count_ % kept_;
  if (place == ring_.size()) ring_.emplace_back();
  auto& line = ring_[place];
  line.number = ++count_;
  line.level = level;
  line.time_us = now_us();
  line.instance = instance;
  line.message = cut(message);
  line.fields = cut(fields);
}

std::vector<RecentLines::Line> RecentLines::after(uint64_t number) const {
  const std::lock_guard lock(mutex_);
  std::vector<Line> lines;
  const auto oldest = count_ - ring_.size();
  for (auto n = std::max(number, oldest); n < count_; ++n) lines.push_back(ring_[n % kept_]);
  return lines;
}

}  // namespace fermata::host
