#pragma once
#include <cstddef>
#include <span>
#include <string>

#include "access_token.hpp"
#include "account.hpp"
#include "session.hpp"

namespace fermata::accounts {

// How accounts, sessions and tokens are kept: JSON with a version.
std::string to_document(const Account& account);
std::string to_document(const Session& session);
std::string to_document(const AccessToken& token);

/// Error corrupt where it can't be read, unsupported where a newer version has written it. What is kept is known by
/// the document's id.
void from_document(std::span<const std::byte> content, Account& account);
void from_document(std::span<const std::byte> content, Session& session);
void from_document(std::span<const std::byte> content, AccessToken& token);

}  // namespace fermata::accounts
