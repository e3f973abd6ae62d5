// The command half of a DIMSE message.
#include "command_set.hpp"

#include "fermata/error.hpp"
#include "input.hpp"

using namespace fermata;
using namespace fermata::dimse;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  CommandSet command;
  try {
    command = CommandSet::parse(input.bytes());
  } catch (const Error&) {
    return 0;
  }
  static_cast<void>(command.sop_class_uid() + command.sop_instance_uid() + command.text(element::kMoveDestination));
  command.tags(element::kAttributeIdentifierList);
  auto response = CommandSet::response_to(command, 0xa700);
  response.set_error_comment(input.text());
  for (const auto& set : {command, response}) {
    const auto again = CommandSet::parse(set.encode());
    fuzz::require(again.encode() == set.encode(), "what is written is read as the same");
  }
  return 0;
}
