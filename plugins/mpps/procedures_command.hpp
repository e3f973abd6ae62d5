#pragma once
#include <ostream>
#include <string_view>

#include "fermata/archive.hpp"
#include "fermata/command.hpp"
#include "step_store.hpp"

namespace fermata::mpps {

/// `fermata procedures`: shows performed procedure steps, their states, and whether the archive has what they say was
/// made.
///
/// **Thread**, **Errors**: see Command. Arguments that make no sense are Error invalid with the usage.
class ProceduresCommand final : public Command {
 public:
  ProceduresCommand(StepStore& steps, Archive& archive) : steps_(steps), archive_(archive) {}

  std::string_view name() override { return "procedures"; }
  std::string_view summary() override { return "show the performed procedure steps and whether their images are here"; }
  std::string_view usage() override;
  bool works_while_serving() override { return true; }
  int32_t run_at(Console& console, std::span<const std::string_view> arguments) override;

 private:
  void show_all(std::ostream& out);
  void show_one(std::ostream& out, std::string_view sop_instance_uid);
  bool has(const std::string& sop_instance_uid);

  StepStore& steps_;
  Archive& archive_;
};

}  // namespace fermata::mpps
