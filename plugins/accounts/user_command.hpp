#pragma once
#include <string>
#include <vector>

#include "account_services.hpp"
#include "fermata/command.hpp"

namespace fermata::accounts {

/// `fermata user`: shows and changes accounts. The way back in for whoever owns the machine.
///
/// **Thread**, **Errors**: see Command. Arguments that make no sense are Error invalid with the usage.
class UserCommand final : public Command {
 public:
  explicit UserCommand(AccountServices& services) : services_(services) {}

  std::string_view name() override { return "user"; }
  std::string_view summary() override { return "show the accounts; add, change and remove them, reset a password"; }
  std::string_view usage() override;
  bool works_while_serving() override { return true; }
  int32_t run_at(Console& console, std::span<const std::string_view> arguments) override;

 private:
  using Words = std::vector<std::string>;
  void list(Console& console);
  void add(Console& console, const Words& words);
  void set_password(Console& console, const std::string& name);
  void set_enabled(const std::string& name, bool enabled);
  void set_role(const std::string& name, const std::string& role);
  void remove(const std::string& name);
  void reset(Console& console, const std::string& name);
  std::string asked_hash(Console& console, const std::string& name);
  void tell(const std::string& name, std::string_view how) const;

  AccountServices& services_;
};

}  // namespace fermata::accounts
