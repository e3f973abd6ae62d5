#pragma once
#include <cstdint>
#include <functional>
#include <string_view>

#include "fermata/dimse_services.hpp"
#include "fermata/journal.hpp"
#include "step_store.hpp"
#include "worklist_link.hpp"

namespace fermata::mpps {

/// Answers N-CREATE and N-SET of the Modality Performed Procedure Step SOP Class (PS3.4 F.7).
///
/// *Used by* dimse. **Thread**: any number at once. **Errors**: see DimseService.
class MppsService final : public DimseService {
 public:
  static constexpr std::string_view kSopClassUid = "1.2.840.10008.3.1.2.3.3";
  using Clock = std::function<int64_t()>;  ///< microseconds since 1970

  MppsService(StepStore& steps, const WorklistLink& worklist, const Journal& journal, Clock now)
      : steps_(steps), worklist_(worklist), journal_(journal), now_(std::move(now)) {}
  void handle(const DimseRequest& request, DimseResponder& responder) override;

 private:
  PerformedStep create(const DimseRequest& request);
  PerformedStep set(const DimseRequest& request);
  void note(const PerformedStep& step) const;

  StepStore& steps_;
  const WorklistLink& worklist_;
  const Journal& journal_;
  const Clock now_;
};

}  // namespace fermata::mpps
