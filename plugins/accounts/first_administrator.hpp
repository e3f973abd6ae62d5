#pragma once
#include <optional>
#include <string>

#include "account_services.hpp"

namespace fermata::accounts {

/// What became of the first administrator at a start.
struct FirstAdministrator {
  std::string made;  ///< the account's name; empty: none was made
  std::string link;  ///< with which a person makes one; empty: none is needed
};

/// Sees to it that there is an administrator, or a link to make one: there is no password from the start that everybody
/// knows. Error invalid where the password of the configuration is none, io where its file can't be read.
FirstAdministrator provide_first_administrator(AccountServices& services);

}  // namespace fermata::accounts
