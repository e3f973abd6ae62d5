#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "fermata/host_status.hpp"

namespace fermata::alarms {

/// A condition that was looked at, with text of its own.
struct Observed {
  std::string plugin;
  std::string condition;
  ConditionLevel level = ConditionLevel::fine;
  std::string text;
  std::string remedy;
  int64_t since_us = 0;
};

/// Something to tell about it.
struct Notice {
  enum class Kind { raised, worse, still, resolved };
  Kind kind = Kind::raised;
  Observed what;
};

using Notices = std::vector<Notice>;

}  // namespace fermata::alarms
