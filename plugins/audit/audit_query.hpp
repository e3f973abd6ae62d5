#pragma once
#include <cstddef>
#include <string_view>

#include "event_filter.hpp"

namespace fermata::audit_trail {

/// What a request asks for: the parameters from, to, user, action, object, before and limit. **Thread**: a value.
/// **Errors** of `parse_query`: invalid, which names the parameter. Other parameters are left alone.
struct AuditQuery {
  EventFilter filter;
  std::size_t limit = 100;
};
AuditQuery parse_query(std::string_view query);

}  // namespace fermata::audit_trail
