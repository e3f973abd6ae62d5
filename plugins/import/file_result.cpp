#include "file_result.hpp"

#include <algorithm>

namespace fermata::imports {
namespace {

constexpr std::array<std::string_view, kOutcomes> kNames{"stored",  "duplicate", "differs",    "replaced",
                                                         "refused", "not_dicom", "unreadable", "missing",
                                                         "new",     "present",   "lost",       "noted"};

}  // namespace

std::string_view name_of(Outcome outcome) { return kNames[static_cast<std::size_t>(outcome)]; }

std::optional<Outcome> outcome_named(std::string_view name) {
  const auto* const found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return {};
  return static_cast<Outcome>(found - kNames.begin());
}

uint64_t Counts::found() const {
  uint64_t sum = 0;
  for (const auto number : numbers_) sum += number;
  return sum - of(Outcome::lost) - of(Outcome::noted);
}

uint64_t Counts::held() const {
  return of(Outcome::stored) + of(Outcome::duplicate) + of(Outcome::replaced) - of(Outcome::lost);
}

}  // namespace fermata::imports
