#include "backup_schedule.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <ctime>

#include "fermata/error.hpp"

namespace fermata::backup {
namespace {

namespace json = boost::json;

constexpr std::string_view kCollection = "backup.history";
constexpr std::string_view kDocument = "destination";
constexpr int kFormat = 1;
constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kHour = 3600 * kSecond;
constexpr int64_t kDay = 24 * kHour;

int64_t microseconds(std::chrono::milliseconds duration) {
  return std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
}

/// The last time that it was this time of the day.
Moment latest(std::chrono::minutes at, Moment now) {
  const auto seconds = static_cast<std::time_t>(now / kSecond);
  std::tm day{};
  ::localtime_r(&seconds, &day);
  const auto on = [&](int days_ago) {
    std::tm time = day;
    time.tm_mday -= days_ago;
    time.tm_hour = static_cast<int>(at.count() / 60);
    time.tm_min = static_cast<int>(at.count() % 60);
    time.tm_sec = 0;
    time.tm_isdst = -1;
    return static_cast<Moment>(::mktime(&time)) * kSecond;
  };
  return on(0) <= now ? on(0) : on(1);
}

std::string days_or_hours(int64_t age) {
  const bool days = age >= 2 * kDay;
  return std::to_string(age / (days ? kDay : kHour)) + (days ? " days" : " hours");
}

}  // namespace

std::optional<std::chrono::minutes> Schedule::time_of_day(std::string_view text) {
  if (text.size() != 5) return {};
  const auto digit = [&](std::size_t i) { return text[i] - '0'; };
  return std::chrono::minutes((digit(0) * 10 + digit(1)) * 60 + digit(3) * 10 + digit(4));
}

bool is_due(const Schedule& schedule, const BackupHistory& history, Moment now) {
  if (!schedule.on()) return false;
  if (history.attempted > now) return true;  // the clock was set back: better one too many
  const auto every = microseconds(schedule.every);
  if (!history.failure.empty()) return now >= history.attempted + (every == 0 ? kHour : std::min(every, kHour));
  if (schedule.at) return history.attempted < latest(*schedule.at, now);
  return now >= history.attempted + every;
}

std::string trouble(const BackupHistory& history, std::chrono::milliseconds maximum_age, Moment now) {
  if (!history.failure.empty()) return "The last backup failed: " + history.failure;
  if (maximum_age.count() == 0) return "";
  if (history.good == 0) return "No backup of the archive has been made yet";
  const auto age = now - history.good;
  if (age <= microseconds(maximum_age)) return "";
  return "The last good backup is " + days_or_hours(age) + " old, it is of " + readable(history.good);
}

BackupHistory HistoryStore::read() {
  const auto cursor = state_.list(kCollection, kDocument);
  Document document;
  if (!cursor->next(document) || document.id != kDocument) return {};
  try {
    const auto object =
        json::parse({reinterpret_cast<const char*>(document.content.data()), document.content.size()}).as_object();
    if (object.at("format").to_number<int>() != kFormat)
      throw Error(Code::unsupported, "the history of backups is of a newer version of the program: use that one");
    return {object.at("attempted").to_number<Moment>(), object.at("good").to_number<Moment>(),
            json::value_to<std::string>(object.at("failure")), json::value_to<std::string>(object.at("report"))};
  } catch (const Error&) {
    throw;
  } catch (const std::exception&) {
    return {};  // it is made anew by the next backup
  }
}

void HistoryStore::write(const BackupHistory& history) {
  const auto text = json::serialize(json::object{{"format", kFormat},
                                                 {"attempted", history.attempted},
                                                 {"good", history.good},
                                                 {"failure", history.failure},
                                                 {"report", history.report}});
  state_.put(kCollection, kDocument, std::as_bytes(std::span(text)), StateStore::kAny);
}

}  // namespace fermata::backup
