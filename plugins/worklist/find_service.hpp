#pragma once
#include <string_view>

#include "fermata/dimse_services.hpp"
#include "fermata/journal.hpp"
#include "stored_worklist.hpp"

namespace fermata::worklist {

/// Answers C-FIND of the Modality Worklist Information Model (PS3.4 K.4.1, K.6.1). Every attribute can be a matching
/// and a return key; items come in the order of their start.
///
/// *Used by* dimse. **Thread**: any number at once. **Errors**: see DimseService.
class FindService final : public DimseService {
 public:
  static constexpr std::string_view kSopClassUid = "1.2.840.10008.5.1.4.31";

  FindService(const StoredWorklist& worklist, const Journal& journal, bool answer_finished)
      : worklist_(worklist), journal_(journal), answer_finished_(answer_finished) {}
  void handle(const DimseRequest& request, DimseResponder& responder) override;

 private:
  uint16_t answer(dicom::DataSetView identifier, DimseResponder& responder) const;

  const StoredWorklist& worklist_;
  const Journal& journal_;
  const bool answer_finished_;
};

}  // namespace fermata::worklist
