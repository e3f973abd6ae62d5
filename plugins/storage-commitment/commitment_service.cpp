#include "commitment_service.hpp"

#include <string>
#include <utility>

#include "event_report.hpp"
#include "fermata/dicom/data_set_view.hpp"
#include "fermata/error.hpp"
#include "fermata/timestamp.hpp"

namespace fermata::storage_commitment {
namespace {

using dicom::DataSetView;
using dicom::Tag;

constexpr uint16_t kNAction = 0x0130;
constexpr uint16_t kRequestStorageCommitment = 1;  ///< Action Type ID (PS3.4 J.3.2.1.1)

constexpr uint16_t kNoSuchInstance = 0x0112;
constexpr uint16_t kInvalidArgumentValue = 0x0115;
constexpr uint16_t kNoSuchAction = 0x0123;
constexpr uint16_t kUnrecognizedOperation = 0x0211;
constexpr uint16_t kResourceLimitation = 0x0213;

constexpr Tag kReferencedSopClassUid{0x0008, 0x1150};
constexpr Tag kReferencedSopInstanceUid{0x0008, 0x1155};
constexpr Tag kTransactionUid{0x0008, 0x1195};
constexpr Tag kReferencedSopSequence{0x0008, 0x1199};

/// Why a request is not accepted.
struct Refusal {
  uint16_t status = 0;
  std::string comment;
};

Transaction transaction_of(const DimseRequest& request) {
  Transaction transaction;
  transaction.uid = DataSetView(request.data_set).text(kTransactionUid);
  if (transaction.uid.empty()) throw Refusal{kInvalidArgumentValue, "Transaction UID (0008,1195) is missing"};
  transaction.ae_title = request.calling_ae_title;
  transaction.address = request.peer_address;
  transaction.called_ae_title = request.called_ae_title;
  transaction.requested_us = now_us();
  transaction.changed_us = transaction.requested_us;
  return transaction;
}

std::vector<Reference> references_of(const DimseRequest& request) {
  std::vector<Reference> references;
  const auto sequence = DataSetView(request.data_set).find(kReferencedSopSequence);
  if (sequence && sequence->vr == dicom::Vr("SQ"))
    for (const auto item : sequence->items())
      references.push_back({std::string(item.text(kReferencedSopClassUid)),
                            std::string(item.text(kReferencedSopInstanceUid)), reason::kUnchecked});
  if (references.empty()) throw Refusal{kInvalidArgumentValue, "Referenced SOP Sequence (0008,1199) has no item"};
  return references;
}

void check_action(const DimseRequest& request) {
  if (request.command_field != kNAction) throw Refusal{kUnrecognizedOperation, "only N-ACTION is served"};
  if (request.event_or_action_type != kRequestStorageCommitment)
    throw Refusal{kNoSuchAction, "the only action is 1, Request Storage Commitment"};
  if (!request.sop_instance_uid.empty() && request.sop_instance_uid != kSopInstanceUid)
    throw Refusal{kNoSuchInstance, "the only instance is 1.2.840.10008.1.20.1.1"};
}

}  // namespace

void CommitmentService::handle(const DimseRequest& request, DimseResponder& responder) {
  DimseResponse response;
  Refusal refusal;
  try {
    check_action(request);
    commitments_.accept(transaction_of(request), references_of(request), responder.association());
  } catch (Refusal& why) {
    refusal = std::move(why);
  } catch (const Error& error) {
    if (error.code() != Code::unavailable) throw;
    refusal = {kResourceLimitation, error.what()};
  }
  response.status = refusal.status;
  response.error_comment = refusal.comment;
  responder.send(response);
}

}  // namespace fermata::storage_commitment
