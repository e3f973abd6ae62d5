#pragma once
#include <string_view>

#include "fields.hpp"

namespace fermata::http {

/// Whether a request depends on what there is now.
bool has_conditions(const Fields& request);
void remove_conditions(Fields& request);

/// Whether the client wants another representation than the one that an answer would bring, or none (RFC 9110 13.1.1,
/// 13.1.4).
bool wants_another(const Fields& request, std::string_view etag, std::string_view last_modified);

/// Whether the client has what an answer with this ETag and Last-Modified would bring (RFC
/// 9110 13.1.2, 13.1.3, 13.2.2).
bool client_has_it(const Fields& request, std::string_view etag, std::string_view last_modified);

/// Whether a Range holds under the request's If-Range (RFC 9110 13.1.5).
bool range_holds(const Fields& request, std::string_view etag, std::string_view last_modified);

}  // namespace fermata::http
