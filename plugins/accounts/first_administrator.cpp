#include "first_administrator.hpp"

#include <fstream>

#include "fermata/error.hpp"

namespace fermata::accounts {
namespace {

constexpr const char* kName = "admin";

std::string configured_password(const Settings& settings) {
  if (settings.admin_password_file.empty()) return settings.admin_password;
  std::ifstream file(settings.admin_password_file);
  std::string line;
  if (!std::getline(file, line))
    throw Error(Code::io, "the file of the option `admin_password_file`, " + settings.admin_password_file +
                              ", can't be read, or is empty");
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

void check_configured(const std::string& password) {
  try {
    check_password(kName, password);
  } catch (const Error& error) {
    throw Error(Code::invalid, std::string("the password of the option `admin_password` or `admin_password_file` can't "
                                           "be used: ") +
                                   error.what());
  }
}

Account first_account(AccountServices& services, const std::string& password) {
  Account account;
  account.name = kName;
  account.display_name = "Administrator";
  account.role = kAdministrator;
  account.password_hash = services.hasher.hash(password);
  account.must_change_password = services.settings.admin_must_change;
  account.created = services.clock();
  return account;
}

}  // namespace

FirstAdministrator provide_first_administrator(AccountServices& services) {
  if (services.accounts.has_administrator()) return {};
  const auto password = configured_password(services.settings);
  if (!password.empty() && !services.accounts.find(kName)) {
    check_configured(password);
    services.accounts.add(first_account(services, password));
    services.events.changed({}, {}, kName, "made at the start, from the configuration");
    return {kName, {}};
  }
  return {{}, setup_url(services.settings.url_from_outside(), services.links.make_for_first_administrator())};
}

}  // namespace fermata::accounts
