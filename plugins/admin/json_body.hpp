#pragma once
#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/json_answer.hpp"
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

using api::answer_json;
using api::time_value;
using api::utf8;
/// {"items": items}, the form of all lists.
void answer_items(HttpResponse& response, boost::json::array items);

}  // namespace fermata::admin
