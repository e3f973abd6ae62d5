#pragma once
#include <string>

namespace fermata::accounts {

/// Asks for a password: at a terminal twice and without showing it, otherwise the first line of standard input.
/// Error invalid where the two differ, or where there is none.
std::string ask_password(const std::string& name);

}  // namespace fermata::accounts
