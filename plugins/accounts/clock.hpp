#pragma once
#include <cstdint>
#include <functional>

namespace fermata::accounts {

/// Seconds since 1970-01-01 UTC; a test's own where time has to pass.
using Clock = std::function<int64_t()>;

}  // namespace fermata::accounts
