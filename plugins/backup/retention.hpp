#pragma once
#include <string>
#include <vector>

namespace fermata::backup {

/// How many backups to keep: the latest ones, and the latest of each of the last days, weeks and months that have one.
/// All 0: every backup is kept.
struct Retention {
  unsigned last = 0;
  unsigned daily = 0;
  unsigned weekly = 0;
  unsigned monthly = 0;

  bool any() const { return last != 0 || daily != 0 || weekly != 0 || monthly != 0; }
};

/// Those of `names` (as `backup_name` makes them, ascending) that can go. The latest is never among them.
std::vector<std::string> superfluous(const std::vector<std::string>& names, const Retention& retention);

}  // namespace fermata::backup
