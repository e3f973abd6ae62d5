#pragma once
#include "fermata/error.hpp"
#include "fermata/http_router.hpp"

namespace fermata::admin {

/// For routes that are public to the server because whoever has logged in may use them, with whatever permissions.
/// **Errors**: refused.
inline void require_somebody(HttpRequest& request) {
  if (request.user().empty() && !request.may("studies.read")) throw Error(Code::refused, "log in first");
}

}  // namespace fermata::admin
