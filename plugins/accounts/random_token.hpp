#pragma once
#include <string>
#include <string_view>

namespace fermata::accounts {

/// 256 random bits as 43 characters that a cookie, a URL and a header may hold.
std::string random_token();

/// What is kept of a token: 64 hexadecimal digits of its BLAKE2b hash. Tokens are random, so that a fast hash is
/// enough.
std::string token_hash(std::string_view token);

/// What a person may see of it, and a URL hold, to tell it from others: the beginning of the hash.
inline std::string token_id(std::string_view hash) { return std::string(hash.substr(0, 16)); }

}  // namespace fermata::accounts
