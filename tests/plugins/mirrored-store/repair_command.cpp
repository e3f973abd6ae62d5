#include "repair_command.hpp"

#include <iostream>

#include "fermata/error.hpp"
#include "mirror_repair.hpp"

namespace mirrored_store {

// tutorial: command
int32_t RepairCommand::run(std::span<const std::string_view> arguments) {
  auto lost = MirrorRepair::Lost::report;
  for (const auto argument : arguments) {
    if (argument != "--restore")
      throw fermata::Error(fermata::Code::invalid,
                           "mirror-repair knows no \"" + std::string(argument) + "\"; it takes --restore");
    lost = MirrorRepair::Lost::restore;
  }
  const auto report =
      MirrorRepair(main_, copy_, lost)
          .run([](std::string_view key, std::string_view what) { std::cout << key << ": " << what << '\n'; },
               [] { return true; });
  std::cout << report.equal << " equal, " << report.copied << " copied, " << report.only_in_copy
            << " only in the copy, " << report.restored << " restored, " << report.failed << " failed\n";
  return report.failed == 0 && report.only_in_copy == report.restored ? 0 : 1;
}
// tutorial: end

}  // namespace mirrored_store
