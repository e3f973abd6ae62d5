#include "event_report.hpp"

#include <algorithm>
#include <array>

#include "fermata/dicom/data_set_writer.hpp"

namespace fermata::storage_commitment {
namespace {

using dicom::Tag;

constexpr Tag kReferencedSopClassUid{0x0008, 0x1150};
constexpr Tag kReferencedSopInstanceUid{0x0008, 0x1155};
constexpr Tag kTransactionUid{0x0008, 0x1195};
constexpr Tag kFailureReason{0x0008, 0x1197};
constexpr Tag kFailedSopSequence{0x0008, 0x1198};
constexpr Tag kReferencedSopSequence{0x0008, 0x1199};

bool committed(const Reference& reference) { return reference.reason == reason::kCommitted; }

void add_items(dicom::DataSetWriter& writer, std::span<const Reference> references, bool those_committed) {
  for (const auto& reference : references) {
    if (committed(reference) != those_committed) continue;
    writer.begin_item();
    writer.add(kReferencedSopClassUid, "UI", reference.sop_class_uid);
    writer.add(kReferencedSopInstanceUid, "UI", reference.sop_instance_uid);
    if (!those_committed) writer.add_u16(kFailureReason, reference.reason);
    writer.end();
  }
}

}  // namespace

std::vector<std::byte> event_report(const std::string& transaction_uid, const std::string& retrieve_ae_title,
                                    std::span<const Reference> references) {
  const auto succeeded = static_cast<std::size_t>(std::count_if(references.begin(), references.end(), committed));
  dicom::DataSetWriter writer;
  if (!retrieve_ae_title.empty()) writer.add(dicom::kRetrieveAeTitle, "AE", retrieve_ae_title);
  writer.add(kTransactionUid, "UI", transaction_uid);
  if (succeeded < references.size()) {
    writer.begin_sequence(kFailedSopSequence);
    add_items(writer, references, false);
    writer.end();
  }
  if (succeeded > 0) {
    writer.begin_sequence(kReferencedSopSequence);
    add_items(writer, references, true);
    writer.end();
  }
  return writer.take();
}

}  // namespace fermata::storage_commitment
