#pragma once
#include <chrono>
#include <string>

#include "fermata/config.hpp"

namespace fermata::worklist {

struct Settings {
  std::string folder;  ///< empty: none
  std::chrono::milliseconds interval{2000};
  bool remove_with_file = true;
  std::chrono::milliseconds expire_after{7 * 86'400'000LL};
  bool answer_finished = false;
};

Settings read_settings(const Config& config);

/// The day, in local time, before which items have expired: YYYYMMDD.
std::string first_day_kept(std::chrono::system_clock::time_point now, std::chrono::milliseconds expire_after);

}  // namespace fermata::worklist
