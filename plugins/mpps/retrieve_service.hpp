#pragma once
#include <string_view>

#include "fermata/dimse_services.hpp"
#include "step_store.hpp"

namespace fermata::mpps {

/// Answers N-GET of the Modality Performed Procedure Step Retrieve SOP Class (PS3.4 F.8): the attributes asked for, or
/// all. Some that the step does not have make it a warning, 0001H.
///
/// *Used by* dimse. **Thread**: any number at once. **Errors**: see DimseService.
class RetrieveService final : public DimseService {
 public:
  static constexpr std::string_view kSopClassUid = "1.2.840.10008.3.1.2.3.4";

  explicit RetrieveService(StepStore& steps) : steps_(steps) {}
  void handle(const DimseRequest& request, DimseResponder& responder) override;

 private:
  void answer(const DimseRequest& request, DimseResponder& responder);

  StepStore& steps_;
};

}  // namespace fermata::mpps
