#pragma once
#include <string>
#include <string_view>

#include "fermata/http_router.hpp"
#include "fermata/index.hpp"

namespace fermata::dicomweb {

/// Names a representation of one instance: another content or another `form` gives another tag (RFC 9110 8.8.3).
std::string entity_tag(const InstanceRecord& record, std::string_view form);

/// Sets ETag and how the answer may be cached. True: the client has it already, the answer is 304 and complete.
bool answered_not_modified(HttpRequest& request, HttpResponse& response, std::string_view tag);

}  // namespace fermata::dicomweb
