#pragma once
#include <ostream>

#include "fermata/command.hpp"
#include "watch.hpp"

namespace fermata::alarms {

/// `fermata test-alarm`: tells every channel something, to see whether it arrives.
///
/// **Thread**, **Errors**: see Command.
class TestCommand final : public Command {
 public:
  TestCommand(const Channels& channels, Clock now, std::ostream& out)
      : channels_(channels), now_(std::move(now)), out_(out) {}
  std::string_view name() override { return "test-alarm"; }
  std::string_view summary() override { return "send a message to everybody whom alarms go to"; }
  std::string_view usage() override { return "fermata test-alarm    send a test through every channel"; }
  int32_t run(std::span<const std::string_view> arguments) override;

 private:
  const Channels& channels_;
  const Clock now_;
  std::ostream& out_;
};

}  // namespace fermata::alarms
