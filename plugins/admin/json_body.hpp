#pragma once
#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/http_router.hpp"

namespace fermata::admin {

/// JSON in requests and answers. **Thread**: any. **Errors**: invalid (says which member, and what it has to be).

/// The body of a request, up to 64 KiB; an empty one is an empty object.
boost::json::object read_object(HttpRequest& request);

std::string string_member(const boost::json::object& object, std::string_view name, std::string_view otherwise = {});
bool bool_member(const boost::json::object& object, std::string_view name, bool otherwise);
std::optional<uint16_t> port_member(const boost::json::object& object, std::string_view name);
/// Nothing where the member is absent or null.
std::optional<std::vector<std::string>> strings_member(const boost::json::object& object, std::string_view name);

/// Sends `value` as the whole answer. It is about patients: no cache keeps it.
void answer_json(HttpResponse& response, const boost::json::value& value, uint32_t status = 200);
/// {"items": items}, the form of all lists.
void answer_items(HttpResponse& response, boost::json::array items);

/// The text with what is no UTF-8 in it replaced: what devices send is not always what they say it is.
std::string utf8(std::string_view text);
/// RFC 3339, in UTC: "2026-11-27T19:30:00Z". Nothing (null) for 0.
boost::json::value time_value(int64_t microseconds);

}  // namespace fermata::admin
