#include "alarm_book.hpp"

#include <boost/json.hpp>
#include <set>
#include <string_view>

#include "fermata/error.hpp"

namespace fermata::alarms {
namespace json = boost::json;
namespace {

constexpr std::string_view kCollection = "alarms.told";
constexpr int64_t kFormat = 1;

std::string member(const json::object& object, std::string_view name) {
  return std::string(std::string_view(object.at(name).as_string()));
}

}  // namespace

AlarmBook::AlarmBook(StateStore& store, std::string channel, const Rules& rules)
    : store_(store), channel_(std::move(channel)), rules_(rules) {
  load();
}

void AlarmBook::load() {
  const auto prefix = channel_ + "/";
  const auto cursor = store_.list(kCollection, prefix);
  for (Document document; cursor->next(document) && document.id.starts_with(prefix);) {
    json::error_code error;
    const auto value =
        json::parse({reinterpret_cast<const char*>(document.content.data()), document.content.size()}, error);
    if (error || !value.is_object()) continue;
    try {
      const auto& object = value.as_object();
      if (object.at("version").as_int64() != kFormat) continue;
      Told told;
      told.what = {member(object, "plugin"),
                   member(object, "condition"),
                   static_cast<ConditionLevel>(object.at("level").as_int64()),
                   member(object, "text"),
                   member(object, "remedy"),
                   object.at("since").as_int64()};
      told.told_us = object.at("told").as_int64();
      told_.insert_or_assign(key_of(told.what), std::move(told));
    } catch (const std::exception&) {  // not ours, or damaged: somebody is told once more
      continue;
    }
  }
}

Notices AlarmBook::due(const std::vector<Observed>& conditions, int64_t now_us) {
  Notices notices;
  std::set<std::string> present;
  for (const auto& condition : conditions) {
    if (condition.level < rules_.level) continue;
    const auto key = key_of(condition);
    present.insert(key);
    const auto before = told_.find(key);
    if (before == told_.end()) {
      if (now_us - condition.since_us >= rules_.delay_us) notices.push_back({Notice::Kind::raised, condition});
    } else if (condition.level > before->second.what.level) {
      notices.push_back({Notice::Kind::worse, condition});
    } else if (now_us - before->second.told_us >= rules_.repeat_us) {
      notices.push_back({Notice::Kind::still, condition});
    }
  }
  for (auto& [key, told] : told_) {
    if (present.contains(key)) {
      told.absent_us = 0;
      continue;
    }
    if (told.absent_us == 0) told.absent_us = now_us;
    if (now_us - told.absent_us >= rules_.delay_us) notices.push_back({Notice::Kind::resolved, told.what});
  }
  return notices;
}

void AlarmBook::told(const Notices& notices, int64_t now_us) {
  for (const auto& notice : notices) {
    const auto key = key_of(notice.what);
    if (notice.kind == Notice::Kind::resolved) {
      told_.erase(key);
      try {
        store_.remove(kCollection, id_of(key), StateStore::kAny);
      } catch (const Error& error) {
        if (error.code() != Code::not_found) throw;
      }
      continue;
    }
    told_.insert_or_assign(key, Told{notice.what, now_us, 0});
    const auto text = json::serialize(json::object{{"version", kFormat},
                                                   {"plugin", notice.what.plugin},
                                                   {"condition", notice.what.condition},
                                                   {"level", static_cast<int64_t>(notice.what.level)},
                                                   {"text", notice.what.text},
                                                   {"remedy", notice.what.remedy},
                                                   {"since", notice.what.since_us},
                                                   {"told", now_us}});
    store_.put(kCollection, id_of(key), std::as_bytes(std::span(text)), StateStore::kAny);
  }
}

}  // namespace fermata::alarms
