#pragma once
#include <ostream>
#include <string_view>

#include "fermata/archive.hpp"
#include "fermata/command.hpp"
#include "step_store.hpp"

namespace fermata::mpps {

/// `fermata procedures`: shows performed procedure steps, their states, and whether the archive has what they say was
/// made, while the archive is not running.
///
/// **Thread**, **Errors**: see Command. Arguments that make no sense are Error invalid with the usage.
class ProceduresCommand final : public Command {
 public:
  ProceduresCommand(StepStore& steps, Archive& archive, std::ostream& out)
      : steps_(steps), archive_(archive), out_(out) {}

  std::string_view name() override { return "procedures"; }
  std::string_view summary() override { return "show the performed procedure steps and whether their images are here"; }
  int32_t run(std::span<const std::string_view> arguments) override;

 private:
  void show_all();
  void show_one(std::string_view sop_instance_uid);
  bool has(const std::string& sop_instance_uid);

  StepStore& steps_;
  Archive& archive_;
  std::ostream& out_;
};

}  // namespace fermata::mpps
