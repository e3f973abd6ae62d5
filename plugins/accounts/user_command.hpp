#pragma once
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "account_services.hpp"
#include "fermata/command.hpp"

namespace fermata::accounts {

/// `fermata user`: shows and changes accounts while the archive is not running. The way back in for whoever owns the
/// machine.
///
/// **Thread**, **Errors**: see Command. Arguments that make no sense are Error invalid with the usage.
class UserCommand final : public Command {
 public:
  /// Asks for a password: it is never among the arguments, where every program could read it.
  using AskPassword = std::function<std::string(const std::string& name)>;

  UserCommand(AccountServices& services, std::ostream& out, AskPassword ask)
      : services_(services), out_(out), ask_(std::move(ask)) {}

  std::string_view name() override { return "user"; }
  std::string_view summary() override { return "show the accounts; add, change and remove them, reset a password"; }
  int32_t run(std::span<const std::string_view> arguments) override;

 private:
  using Words = std::vector<std::string>;
  void list();
  void add(const Words& words);
  void set_password(const std::string& name);
  void set_enabled(const std::string& name, bool enabled);
  void set_role(const std::string& name, const std::string& role);
  void remove(const std::string& name);
  void reset(const std::string& name);
  std::string asked_hash(const std::string& name);
  void tell(const std::string& name, std::string_view how) const;

  AccountServices& services_;
  std::ostream& out_;
  const AskPassword ask_;
};

}  // namespace fermata::accounts
