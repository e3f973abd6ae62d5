#include "repair_command.hpp"

#include "fermata/error.hpp"
#include "verb_requests.hpp"

namespace fermata::backup {

int32_t RepairCommand::run(std::span<const std::string_view> arguments) {
  std::string node;
  if (arguments.size() == 2 && arguments[0] == "--from-node" && !arguments[1].empty())
    node = arguments[1];
  else if (!arguments.empty())
    throw Error(Code::invalid,
                "say fermata repair, or fermata repair --from-node AETITLE: then that node is asked to send what is "
                "damaged and has no right copy");
  const auto running = local_socket::Connection::to(folder_ / kSocket);
  if (!running)
    throw Error(Code::unavailable,
                "the archive does not run: start it first; `fermata verify` looks at one that is stopped, and changes "
                "nothing");
  return ask(*running, verify_request(node));
}

}  // namespace fermata::backup
