#pragma once
#include "commitments.hpp"
#include "fermata/dimse_services.hpp"

namespace fermata::storage_commitment {

/// Answers N-ACTION of the Storage Commitment Push Model (PS3.4 J.3.2): Request Storage Commitment.
///
/// *Used by* dimse. **Thread**: any number at once. **Errors**: see DimseService.
class CommitmentService final : public DimseService {
 public:
  explicit CommitmentService(Commitments& commitments) : commitments_(commitments) {}
  void handle(const DimseRequest& request, DimseResponder& responder) override;

 private:
  Commitments& commitments_;
};

}  // namespace fermata::storage_commitment
