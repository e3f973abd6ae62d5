#pragma once
// Catch2 3 by the name and with the words of Catch2 2: the same tests are built with either.
#include <catch2/catch_all.hpp>

#include <string>

namespace Catch {

using Matchers::Matches;
using Matchers::StartsWith;

inline auto Contains(const std::string& part, CaseSensitive case_sensitive = CaseSensitive::Yes) {
  return Matchers::ContainsSubstring(part, case_sensitive);
}

}  // namespace Catch

using Catch::Approx;
