#pragma once
#include <functional>
#include <iosfwd>
#include <memory>

#include "fermata/command.hpp"
#include "file_import.hpp"
#include "import_request.hpp"
#include "local-socket/connection.hpp"

namespace fermata::imports {

/// The socket in the plugin's folder, at which the verb reaches the archive that is being served.
inline constexpr const char* kSocket = "hand-over";

/// `fermata import`: does it in this process, or has it done by the archive where that is being served: then it needs
/// no plugin. To be published in the plugin's constructor.
///
/// **Thread**: the main one. **Ownership**: borrows the stream. **Errors**: those of the request, and of the import.
/// The exit code is 2 if there is something to be looked at.
class ImportCommand final : public Command {
 public:
  /// Null unless the plugins are started.
  using Around = std::function<const Surroundings*()>;

  ImportCommand(std::filesystem::path folder, Around around, std::ostream& out)
      : folder_(std::move(folder)), around_(std::move(around)), out_(out) {}

  std::string_view name() override { return "import"; }
  std::string_view summary() override {
    return "brings in a folder, a medium, a ZIP, or what another archive or viewer has";
  }
  std::string_view usage() override { return ImportRequest::usage(); }
  int32_t run(std::span<const std::string_view> arguments) override;
  bool needs_plugins(std::span<const std::string_view> arguments) override;

 private:
  int32_t show_report(std::span<const std::string_view> arguments);
  int32_t import_here(const ImportRequest& request, const Surroundings& around);
  int32_t have_it_imported(ImportRequest request);
  int32_t tell_end(const std::string& name);

  const std::filesystem::path folder_;
  const Around around_;
  std::ostream& out_;
  std::unique_ptr<local_socket::Connection> served_;  ///< to the archive that is being served
};

}  // namespace fermata::imports
