#include "repair_command.hpp"

#include "fermata/error.hpp"
#include "verb_requests.hpp"

namespace fermata::backup {

int32_t RepairCommand::run(std::span<const std::string_view> arguments) {
  if (!arguments.empty()) throw Error(Code::invalid, "repair takes no arguments");
  const auto running = local_socket::Connection::to(folder_ / kSocket);
  if (!running)
    throw Error(Code::unavailable,
                "the archive does not run: start it first; `fermata verify` looks at one that is stopped, and changes "
                "nothing");
  return ask(*running, verify_request());
}

}  // namespace fermata::backup
