#include "watch.hpp"

namespace fermata::alarms {

Watch::Watch(HostStatus& host, StateStore& store, const Channels& channels, const Rules& rules, Clock now,
             Journal journal)
    : host_(host), now_(std::move(now)), journal_(std::move(journal)) {
  for (const auto& channel : channels)
    listeners_.push_back({*channel, AlarmBook(store, channel->name(), rules), false});
}

void Watch::look() {
  const auto conditions = observe();
  for (auto& listener : listeners_) tell(listener, conditions);
}

std::vector<Observed> Watch::observe() const {
  std::vector<Observed> conditions;
  const auto cursor = host_.conditions();
  for (Condition c; cursor->next(c);)
    conditions.push_back({std::string(c.instance), std::string(c.name), c.level, std::string(c.text),
                          std::string(c.remedy), c.since_us});
  return conditions;
}

void Watch::tell(Listener& listener, const std::vector<Observed>& conditions) {
  const auto now = now_();
  const auto notices = listener.book.due(conditions, now);
  if (notices.empty()) return;
  try {
    listener.channel.send(notices);
  } catch (const Error& error) {
    journal_.count("undelivered_total", 1);
    if (!listener.out_of_reach)
      journal_.log(LogLevel::error, "an alarm could not be sent, and is tried again: " + std::string(error.what()),
                   {{"channel", listener.channel.name()}});
    listener.out_of_reach = true;
    return;
  }
  listener.out_of_reach = false;
  journal_.count("sent_total", 1);
  listener.book.told(notices, now);
}

}  // namespace fermata::alarms
