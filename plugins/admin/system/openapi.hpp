#pragma once
#include <boost/json.hpp>
#include <string_view>

#include "fermata/http_router.hpp"

namespace fermata::admin {

/// The routes of all plugins as one OpenAPI 3.1 document. What a route's caller has to be allowed is in `x-permission`.
/// **Errors**: those of HttpRouter::routes.
boost::json::object openapi_document(HttpRouter& router, std::string_view base_url, std::string_view version);

}  // namespace fermata::admin
