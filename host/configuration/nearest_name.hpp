#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fermata::host {

/// The known name that somebody who typed `wanted` most likely meant; nothing if none is similar.
std::optional<std::string> nearest_name(std::string_view wanted, const std::vector<std::string>& known);

/// The end of a message about an unknown name: `; did you mean "port"?`, or the names there are, if they are few.
std::string hint(std::string_view wanted, const std::vector<std::string>& known);

}  // namespace fermata::host
