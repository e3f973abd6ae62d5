#pragma once
#include <filesystem>

#include "fermata/command.hpp"

namespace fermata::backup {

/// `fermata repair [--from-node AETITLE]`: has the running program verify what it keeps, and put right what can be put
/// right: from backups, and from a node that has the objects too.
class RepairCommand final : public Command {
 public:
  explicit RepairCommand(std::filesystem::path folder) : folder_(std::move(folder)) {}
  std::string_view name() override { return "repair"; }
  std::string_view summary() override {
    return "Read every object of the running archive again, and repair what is damaged";
  }
  std::string_view usage() override {
    return "fermata repair                        read every object of the running archive again, and repair what is "
           "damaged\n"
           "fermata repair --from-node AETITLE    the same; that node is asked to send what has no right copy";
  }
  bool needs_plugins(std::span<const std::string_view>) override { return false; }
  int32_t run(std::span<const std::string_view> arguments) override;

 private:
  const std::filesystem::path folder_;  ///< of the control socket
};

}  // namespace fermata::backup
