#pragma once
#include <boost/json.hpp>
#include <string_view>
#include <vector>

#include "access_token.hpp"
#include "account.hpp"
#include "callers.hpp"
#include "session.hpp"

namespace fermata::accounts {

// Accounts, sessions and tokens as the HTTP interface tells of them: nothing secret.
boost::json::object user_json(const Account& account);
boost::json::object session_json(const Caller& caller, bool setup_needed);
boost::json::object sessions_json(const std::vector<Session>& sessions, std::string_view current_id);
boost::json::object tokens_json(const std::vector<AccessToken>& tokens, int64_t now);
boost::json::object roles_json();

/// RFC 3339 in UTC.
std::string time_text(int64_t seconds);

}  // namespace fermata::accounts
