#pragma once
#include <string>
#include <string_view>

#include "fermata/dimse_services.hpp"

namespace your_plugin {

/// A private SOP Class: N-ACTION with Action Type 1 is answered with the data set that came with it.
///
/// Any other Action Type is 0x0123 (no such action), any other command 0x0211 (unrecognized operation, PS3.7 C).
/// *Used by* dimse. **Thread**: any number of associations at once.
class EchoService final : public fermata::DimseService {
 public:
  static constexpr std::string_view kSopClass = "your-uid";
  static constexpr uint16_t kEcho = 1;

  explicit EchoService(std::string greeting) : greeting_(std::move(greeting)) {}
  void handle(const fermata::DimseRequest& request, fermata::DimseResponder& responder) override;

 private:
  const std::string greeting_;
};

}  // namespace your_plugin
