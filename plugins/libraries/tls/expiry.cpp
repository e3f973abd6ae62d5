#include "tls/expiry.hpp"

#include "fermata/timestamp.hpp"

namespace fermata::tls {
namespace {

constexpr std::string_view kCondition = "certificate";

std::string date_of(Clock::time_point time) {
  const auto since_1970 = std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch());
  return utc_text(since_1970.count(), "%Y-%m-%d");
}

std::string remaining(std::chrono::days days) {
  if (days.count() == 0) return "less than a day";
  return std::to_string(days.count()) + (days.count() == 1 ? " day" : " days");
}

}  // namespace

std::string expiry_text(Clock::time_point expires, Clock::time_point now) {
  if (expires <= now) return "has expired on " + date_of(expires);
  return "expires in " + remaining(std::chrono::floor<std::chrono::days>(expires - now)) + ", on " + date_of(expires);
}

void Expiry::look(Clock::time_point now) {
  const auto own = context_.own();
  if (!own) return;
  const auto left = own->expires - now;
  journal_.gauge("certificate_seconds_left", std::chrono::duration<double>(left).count());
  const auto name = "The certificate for " + use_ + " (" + own->subject + ") ";
  const auto& files = context_.settings();
  const auto renew =
      "Put a new one and its key into " + files.certificate + " and " + files.key + ": they are read without a restart";
  if (left <= left.zero())
    return journal_.condition(kCondition, ConditionLevel::failing,
                              name + expiry_text(own->expires, now) + ": programs that check it don't connect any more",
                              own->problem.empty() ? renew : "The files that are there can't be used: " + own->problem);
  if (!own->problem.empty())
    return journal_.condition(kCondition, ConditionLevel::warning,
                              "The files of the certificate for " + use_ +
                                  " have changed and can't be used; the old one, which goes on, " +
                                  expiry_text(own->expires, now),
                              "Put right what is wrong before the archive is started again: " + own->problem);
  if (left < files.warn_before)
    return journal_.condition(kCondition, ConditionLevel::warning, name + expiry_text(own->expires, now), renew);
  journal_.condition(kCondition, ConditionLevel::fine, {}, {});
}

}  // namespace fermata::tls
