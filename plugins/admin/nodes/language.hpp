#pragma once
#include <cstdint>
#include <string_view>

namespace fermata::admin {

enum class Language : uint8_t { english, german };

/// The one of the two that a client likes best (RFC 9110 12.5.4); English, if it says nothing of them.
Language language_of(std::string_view accept_language);

}  // namespace fermata::admin
