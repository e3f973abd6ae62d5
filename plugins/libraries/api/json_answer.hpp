#pragma once
#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "fermata/http_router.hpp"

namespace fermata::api {

/// Sends `value` as the whole answer. It is about patients, people, or what goes on just now: no cache keeps it.
void answer_json(HttpResponse& response, const boost::json::value& value, uint32_t status = 200);

/// RFC 3339, in UTC: "2026-11-27T19:30:00Z". Nothing (null) for 0.
boost::json::value time_value(int64_t microseconds);

/// The text with what is no UTF-8 in it replaced: what devices send is not always what they say it is.
std::string utf8(std::string_view text);

}  // namespace fermata::api
