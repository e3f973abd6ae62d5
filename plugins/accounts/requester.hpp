#pragma once
#include "callers.hpp"
#include "fermata/http_router.hpp"

namespace fermata::accounts {

// Who sends a request to a route that http lets everybody use: the handler decides.

/// Nobody where what they show does not count.
Caller requester(Callers& callers, HttpRequest& request);
/// Problem 401 where it is nobody.
Caller logged_in(Callers& callers, HttpRequest& request);
/// Problem 403 where it is a token: with one that may do little nobody gets one that may do more.
Caller person(Callers& callers, HttpRequest& request);
/// Error refused where http would have let somebody pass who may not manage users.
void check_manages_users(HttpRequest& request);

void set_session_cookie(HttpRequest& request, HttpResponse& response, std::string_view token);
void clear_session_cookie(HttpRequest& request, HttpResponse& response);

}  // namespace fermata::accounts
