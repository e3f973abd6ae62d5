#pragma once
#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

#include "store/store_result.hpp"

namespace fermata::dicomweb {

/// 200 if everything was stored, 202 if something was, 409 if nothing, 503 if it may be at another time (PS3.18
/// 10.5.3.1).
uint32_t status_of(const std::deque<StoreResult>& results);

/// Store Instances Response Module (PS3.3 I.2.2) as a PS3.5 data set. `service_url` is that below which "/studies" is.
std::vector<std::byte> store_report(const std::deque<StoreResult>& results, std::string_view service_url);

}  // namespace fermata::dicomweb
