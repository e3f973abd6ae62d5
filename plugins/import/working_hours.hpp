#pragma once
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

#include "fermata/error.hpp"

namespace fermata::imports {

/// A part of each day in local time: "20:00-06:00". **Thread**: a value. **Errors** of `parse`: invalid.
class WorkingHours {
 public:
  static WorkingHours parse(std::string_view text) {
    WorkingHours hours;
    if (text.empty()) return hours;
    if (text.size() != 11 || text[5] != '-') refuse();
    hours.begin_ = minutes(text.substr(0, 5));
    hours.end_ = minutes(text.substr(6));
    return hours;
  }
  /// Begin and end alike mean the whole day.
  bool include(std::time_t now) const {
    std::tm local{};
    localtime_r(&now, &local);
    const int minute = local.tm_hour * 60 + local.tm_min;
    if (begin_ == end_) return true;
    return begin_ < end_ ? minute >= begin_ && minute < end_ : minute >= begin_ || minute < end_;
  }

 private:
  [[noreturn]] static void refuse() { throw Error(Code::invalid, "hours are like 20:00-06:00, from when to when"); }
  static int minutes(std::string_view text) {
    const auto digit = [&](std::size_t at) {
      if (text[at] < '0' || text[at] > '9') refuse();
      return text[at] - '0';
    };
    const int hour = digit(0) * 10 + digit(1);
    const int minute = digit(3) * 10 + digit(4);
    if (text[2] != ':' || hour > 23 || minute > 59) refuse();
    return hour * 60 + minute;
  }

  int begin_ = 0;
  int end_ = 0;
};

}  // namespace fermata::imports
