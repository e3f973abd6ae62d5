#include "user_command.hpp"

#include "fermata/error.hpp"
#include "fermata/text_table.hpp"
#include "fermata/timestamp.hpp"

namespace fermata::accounts {
namespace {

constexpr const char* kUsage =
    "fermata user list\n"
    "fermata user add NAME --role ROLE [--display-name TEXT]\n"
    "fermata user password NAME   ask for a new password\n"
    "fermata user reset NAME      print a link with which a new password is set\n"
    "fermata user role NAME ROLE\n"
    "fermata user enable NAME\n"
    "fermata user disable NAME\n"
    "fermata user delete NAME\n"
    "Passwords are asked for, or read from standard input; they are no arguments.";

[[noreturn]] void refuse_words() { throw Error(Code::invalid, std::string("usage:\n") + kUsage); }

std::string conditions(const Account& account) {
  std::string out = account.enabled ? "" : "disabled";
  const auto add = [&out](const char* text) { out += (out.empty() ? "" : ", ") + std::string(text); };
  if (account.password_hash.empty()) add("no password yet");
  if (account.must_change_password) add("has to change the password");
  if (!account.visibility.empty()) add("sees some studies");
  return out.empty() ? "-" : out;
}

}  // namespace

std::string_view UserCommand::usage() { return kUsage; }

int32_t UserCommand::run_at(Console& console, std::span<const std::string_view> arguments) {
  const Words words(arguments.begin(), arguments.end());
  const auto is = [&](std::string_view verb, std::size_t count) {
    return words.size() == count && words.front() == verb;
  };
  if (words.empty() || is("list", 1))
    list(console);
  else if (words.front() == "add")
    add(console, words);
  else if (is("password", 2))
    set_password(console, words[1]);
  else if (is("enable", 2) || is("disable", 2))
    set_enabled(words[1], words.front() == "enable");
  else if (is("role", 3))
    set_role(words[1], words[2]);
  else if (is("delete", 2))
    remove(words[1]);
  else if (is("reset", 2))
    reset(console, words[1]);
  else
    refuse_words();
  return 0;
}

void UserCommand::list(Console& console) {
  TextTable table({"Name", "Role", "Display name", "Last login", "Conditions"});
  for (const auto& account : services_.accounts.list())
    table.add({account->name, account->role, account->display_name,
               account->last_login == 0 ? "never" : utc_text(account->last_login * 1'000'000), conditions(*account)});
  ConsoleStream out(console);
  table.print(out);
}

void UserCommand::add(Console& console, const Words& words) {
  if (words.size() < 2 || words.size() % 2 != 0) refuse_words();
  Account account;
  account.name = checked_name(words[1]);
  account.created = services_.clock();
  for (std::size_t i = 2; i < words.size(); i += 2) {
    if (words[i] == "--role")
      account.role = checked_role(words[i + 1]).name;
    else if (words[i] == "--display-name")
      account.display_name = checked_display_name(words[i + 1]);
    else
      refuse_words();
  }
  if (account.role.empty()) refuse_words();
  if (services_.accounts.find(account.name)) throw Error(Code::conflict, "There is an account of this name already.");
  account.password_hash = asked_hash(console, account.name);
  services_.accounts.add(account);
  tell(account.name, "added, role " + account.role);
}

void UserCommand::set_password(Console& console, const std::string& name) {
  const auto account = services_.accounts.get(name);
  const auto hash = asked_hash(console, account->name);
  services_.accounts.change(account->name, [&](Account& changed) {
    changed.password_hash = hash;
    changed.must_change_password = false;
    changed.setup.reset();
  });
  services_.sessions.close_all(account->name, {});
  tell(account->name, "new password");
}

void UserCommand::set_enabled(const std::string& name, bool enabled) {
  const auto account = services_.accounts.change(name, [&](Account& changed) { changed.enabled = enabled; });
  if (!enabled) services_.sessions.close_all(account->name, {});
  tell(account->name, enabled ? "enabled" : "disabled");
}

void UserCommand::set_role(const std::string& name, const std::string& role) {
  const std::string checked(checked_role(role).name);
  const auto account = services_.accounts.change(name, [&](Account& changed) { changed.role = checked; });
  tell(account->name, "role " + checked);
}

void UserCommand::remove(const std::string& name) {
  const auto account = services_.accounts.get(name);
  services_.accounts.remove(account->name);
  services_.sessions.close_all(account->name, {});
  services_.tokens.remove_all(account->name);
  tell(account->name, "deleted");
}

void UserCommand::reset(Console& console, const std::string& name) {
  const auto account = services_.accounts.get(name);
  console.write(setup_url(services_.settings.url_from_outside(), services_.links.make_for(account->name)) + '\n');
  tell(account->name, "made a link to set a password");
}

std::string UserCommand::asked_hash(Console& console, const std::string& name) {
  // Never among the arguments, where every program could read it.
  const std::string password(console.new_password(name));
  check_password(name, password);
  return services_.hasher.hash(password);
}

/// Nobody is logged in at the console.
void UserCommand::tell(const std::string& name, std::string_view how) const {
  services_.events.changed({}, {}, name, std::string(how) + ", at the console");
}

}  // namespace fermata::accounts
