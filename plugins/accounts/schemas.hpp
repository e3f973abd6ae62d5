#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "api/operation.hpp"

namespace fermata::accounts {

inline constexpr std::string_view kGroup = "accounts";  ///< of routes

/// How a route refuses, with these statuses.
std::vector<api::Refusal> refusals(std::initializer_list<uint32_t> statuses);

// JSON Schemas of what several routes take or give.
std::string object_schema(std::string_view members);  ///< of `"name":{"type":"string"},...`
std::string list_schema(const std::string& item);     ///< {"items":[...]}
std::string session_schema();
std::string user_schema();
std::string setup_link_schema();
std::string kept_session_schema();
std::string token_schema();

}  // namespace fermata::accounts
