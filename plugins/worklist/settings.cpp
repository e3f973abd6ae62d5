#include "settings.hpp"

#include <ctime>

namespace fermata::worklist {

Settings read_settings(const Config& config) {
  Settings settings;
  if (config.has("folder")) settings.folder = config["folder"].string();
  settings.interval = config["interval"].duration();
  settings.remove_with_file = config["remove_with_file"].boolean();
  settings.expire_after = config["expire_after"].duration();
  settings.answer_finished = config["answer_finished"].boolean();
  return settings;
}

std::string first_day_kept(std::chrono::system_clock::time_point now, std::chrono::milliseconds expire_after) {
  const auto seconds = std::chrono::system_clock::to_time_t(now - expire_after);
  std::tm parts{};
  localtime_r(&seconds, &parts);
  char text[16] = {};
  std::strftime(text, sizeof text, "%Y%m%d", &parts);
  return text;
}

}  // namespace fermata::worklist
