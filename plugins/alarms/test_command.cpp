#include "test_command.hpp"

namespace fermata::alarms {

int32_t TestCommand::run(std::span<const std::string_view> arguments) {
  if (!arguments.empty()) throw Error(Code::invalid, "it takes no arguments; usage:\n" + std::string(usage()));
  const Notices notices{
      {Notice::Kind::raised,
       {"alarms", "test", ConditionLevel::warning, "This is only a test", "There is nothing to do", now_()}}};
  int32_t failed = 0;
  for (const auto& channel : channels_) {
    try {
      channel->send(notices);
      out_ << channel->name() << ": accepted\n";
    } catch (const Error& error) {
      out_ << channel->name() << ": " << error.what() << '\n';
      failed = 1;
    }
  }
  return failed;
}

}  // namespace fermata::alarms
