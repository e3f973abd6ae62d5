#pragma once
#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace fermata::dicom {

/// What a date or time covers, given the precision it is written in: `10` is 100000.000000 to 105959.999999.
/// Dates are YYYYMMDD, times HHMMSS.FFFFFF, date-times YYYYMMDDHHMMSS.FFFFFF: text that sorts like time (PS3.5 6.2).
struct Interval {
  std::string low;
  std::string high;
};

namespace detail {

inline bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}
/// Digits with an even length from `least` on, and a fraction only after the full form; `low` and `high` complete them.
inline std::optional<Interval> interval_of(std::string_view text, std::size_t least, std::string_view low,
                                           std::string_view high) {
  const auto point = text.find('.');
  const auto digits = text.substr(0, point);
  const auto fraction = point == text.npos ? std::string_view{} : text.substr(point + 1, 6);
  if (!all_digits(digits) || digits.size() < least || digits.size() > low.size() || digits.size() % 2 != 0) return {};
  if (point != text.npos && (digits.size() != low.size() || !all_digits(text.substr(point + 1)))) return {};
  Interval interval{std::string(digits), std::string(digits)};
  interval.low.append(low.substr(digits.size())).append(".").append(fraction).append(6 - fraction.size(), '0');
  interval.high.append(high.substr(digits.size())).append(".").append(fraction).append(6 - fraction.size(), '9');
  return interval;
}

inline int number_at(std::string_view text, std::size_t at, std::size_t digits) {
  int number = 0;
  std::from_chars(text.data() + at, text.data() + at + digits, number);
  return number;
}
/// `moment` (YYYYMMDDHHMMSS.FFFFFF) as Coordinated Universal Time.
inline std::string to_utc(const std::string& moment, std::chrono::minutes offset) {
  using namespace std::chrono;
  year_month_day date{year(number_at(moment, 0, 4)), month(static_cast<unsigned>(number_at(moment, 4, 2))),
                      day(static_cast<unsigned>(number_at(moment, 6, 2)))};
  if (!date.month().ok()) return moment;
  if (!date.ok()) date = date.year() / date.month() / last;
  const auto local = sys_days(date) + hours(number_at(moment, 8, 2)) + minutes(number_at(moment, 10, 2));
  const auto utc = local - offset;
  const auto utc_day = floor<days>(utc);
  const year_month_day d(utc_day);
  const auto minute_of_day = static_cast<int>(duration_cast<minutes>(utc - utc_day).count());
  if (int(d.year()) < 0 || int(d.year()) > 9999) return moment;
  std::string out;
  const auto put = [&out](int number, std::size_t width) {
    const auto text = std::to_string(number);
    out.append(width - std::min(width, text.size()), '0').append(text);
  };
  put(int(d.year()), 4);
  put(static_cast<int>(unsigned(d.month())), 2);
  put(static_cast<int>(unsigned(d.day())), 2);
  put(minute_of_day / 60, 2);
  put(minute_of_day % 60, 2);
  return out + moment.substr(12);
}

}  // namespace detail

/// A value of VR DA: YYYYMMDD, the old YYYY.MM.DD, and leniently YYYY or YYYYMM.
inline std::optional<Interval> date_interval(std::string_view text) {
  std::string digits(text);
  if (digits.size() == 10 && digits[4] == '.' && digits[7] == '.') std::erase(digits, '.');
  if (!detail::all_digits(digits) || (digits.size() != 4 && digits.size() != 6 && digits.size() != 8)) return {};
  return Interval{digits + std::string("00000101").substr(digits.size()),
                  digits + std::string("00001231").substr(digits.size())};
}

/// A value of VR TM: HH, HHMM, HHMMSS, HHMMSS.F to HHMMSS.FFFFFF, and the old HH:MM:SS.
inline std::optional<Interval> time_interval(std::string_view text) {
  std::string digits(text);
  std::erase(digits, ':');
  return detail::interval_of(digits, 2, "000000", "235959");
}

/// The length of an offset from UTC (`&ZZXX` of VR DT) at the start of `text`, or 0. A minus is one only before four
/// digits up to 1400 that nothing but the end or a range's `-` follows: `2024-2025` is a range, `2024-0500` is not.
inline std::size_t utc_offset_length(std::string_view text) {
  if (text.size() < 5 || (text[0] != '+' && text[0] != '-') || !detail::all_digits(text.substr(1, 4))) return 0;
  if (text.substr(1, 4) > "1400") return 0;
  return text.size() == 5 || text[5] == '-' || text[5] == ' ' ? 5 : 0;
}

/// A value of VR DT: YYYY to YYYYMMDDHHMMSS.FFFFFF. With an offset from UTC it is converted to UTC, without one it is
/// taken as it stands.
inline std::optional<Interval> date_time_interval(std::string_view text) {
  const auto sign = text.find_first_of("+-");
  auto interval = detail::interval_of(text.substr(0, sign), 4, "00000101000000", "00001231235959");
  if (!interval || sign == text.npos) return interval;
  if (utc_offset_length(text.substr(sign)) != text.size() - sign) return {};
  auto offset = std::chrono::minutes(detail::number_at(text, sign + 1, 2) * 60 + detail::number_at(text, sign + 3, 2));
  if (text[sign] == '-') offset = -offset;
  return Interval{detail::to_utc(interval->low, offset), detail::to_utc(interval->high, offset)};
}

}  // namespace fermata::dicom
