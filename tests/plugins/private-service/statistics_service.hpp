#pragma once
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "fermata/dicom/tag.hpp"
#include "fermata/dimse_services.hpp"

namespace private_service {

/// A private SOP Class: "how much is there?" as an N-ACTION on a well-known instance.
///
/// Action Type 1 replies with the numbers of studies, series and instances in private elements, and greets whoever
/// names itself in (0010,0010). Any other Action Type is 0x0123 (no such action), any other command 0x0211. *Used by*
/// dimse, through the host. **Thread**: any number at once.
class StatisticsService : public fermata::DimseService {
 public:
  static constexpr std::string_view kSopClass = "2.25.209753715602448979874894302942032983144";
  static constexpr uint16_t kCount = 1;
  static constexpr fermata::dicom::Tag kCreator{0x0009, 0x0010};
  static constexpr fermata::dicom::Tag kStudies{0x0009, 0x1001};
  static constexpr fermata::dicom::Tag kSeries{0x0009, 0x1002};
  static constexpr fermata::dicom::Tag kInstances{0x0009, 0x1003};
  static constexpr fermata::dicom::Tag kGreeting{0x0010, 0x4000};

  struct Numbers {
    uint32_t studies = 0;
    uint32_t series = 0;
    uint32_t instances = 0;
  };
  explicit StatisticsService(std::function<Numbers()> numbers) : numbers_(std::move(numbers)) {}

  void handle(const fermata::DimseRequest& request, fermata::DimseResponder& responder) override;

 private:
  std::vector<std::byte> reply(const fermata::DimseRequest& request) const;

  std::function<Numbers()> numbers_;
};

}  // namespace private_service
