#pragma once
#include <string>
#include <string_view>

namespace fermata::http {

/// The client's own, if it is short and plain enough for a log line and a field; otherwise a new one.
std::string request_id(std::string_view from_client);

}  // namespace fermata::http
