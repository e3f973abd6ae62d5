#include "store/store_report.hpp"

#include <algorithm>
#include <string>

#include "fermata/dicom/data_set_writer.hpp"

namespace fermata::dicomweb {
namespace {

using dicom::DataSetWriter;
using dicom::Tag;
using Kind = StoreResult::Kind;

constexpr Tag kReferencedSopClassUid{0x0008, 0x1150};
constexpr Tag kReferencedSopInstanceUid{0x0008, 0x1155};
constexpr Tag kRetrieveUrl{0x0008, 0x1190};
constexpr Tag kWarningReason{0x0008, 0x1196};
constexpr Tag kFailureReason{0x0008, 0x1197};
constexpr Tag kFailedSopSequence{0x0008, 0x1198};
constexpr Tag kReferencedSopSequence{0x0008, 0x1199};
constexpr Tag kOtherFailuresSequence{0x0008, 0x119a};
constexpr Tag kFailedAttributesSequence{0x0074, 0x1048};
constexpr Tag kErrorComment{0x0000, 0x0902};

bool is_stored(const StoreResult& result) {
  return result.kind == Kind::stored || result.kind == Kind::stored_with_warning;
}

bool is_other_failure(const StoreResult& result) { return !is_stored(result) && result.sop_instance_uid.empty(); }

std::string study_url(std::string_view service_url, const StoreResult& result) {
  return std::string(service_url) + "/studies/" + result.study_instance_uid;
}

/// The standard has numbers only. This is where other servers say it in words.
void add_comment(DataSetWriter& to, const StoreResult& result) {
  if (result.comment.empty()) return;
  to.begin_sequence(kFailedAttributesSequence);
  to.begin_item();
  to.add(kErrorComment, "LO", std::string_view(result.comment).substr(0, 1024));
  to.end();
  to.end();
}

void add_item(DataSetWriter& to, const StoreResult& result, std::string_view service_url) {
  to.begin_item();
  if (!is_other_failure(result)) {
    to.add(kReferencedSopClassUid, "UI", result.sop_class_uid);
    to.add(kReferencedSopInstanceUid, "UI", result.sop_instance_uid);
  }
  if (is_stored(result))
    to.add(kRetrieveUrl, "UR",
           study_url(service_url, result) + "/series/" + result.series_instance_uid + "/instances/" +
               result.sop_instance_uid);
  if (result.kind == Kind::stored_with_warning) to.add_u16(kWarningReason, result.reason);
  if (!is_stored(result)) to.add_u16(kFailureReason, result.reason);
  add_comment(to, result);
  to.end();
}

template <class Belongs>
void add_sequence(DataSetWriter& to, Tag tag, const std::deque<StoreResult>& results, std::string_view service_url,
                  Belongs belongs) {
  if (std::none_of(results.begin(), results.end(), belongs)) return;
  to.begin_sequence(tag);
  for (const auto& result : results)
    if (belongs(result)) add_item(to, result, service_url);
  to.end();
}

}  // namespace

uint32_t status_of(const std::deque<StoreResult>& results) {
  if (std::all_of(results.begin(), results.end(), [](const auto& r) { return r.kind == Kind::stored; })) return 200;
  if (std::any_of(results.begin(), results.end(), is_stored)) return 202;
  return std::all_of(results.begin(), results.end(), [](const auto& r) { return r.try_again; }) ? 503 : 409;
}

std::vector<std::byte> store_report(const std::deque<StoreResult>& results, std::string_view service_url) {
  DataSetWriter report;
  const auto stored = std::find_if(results.begin(), results.end(), is_stored);
  const bool one_study = stored != results.end() && std::all_of(stored, results.end(), [&](const auto& r) {
                           return !is_stored(r) || r.study_instance_uid == stored->study_instance_uid;
                         });
  report.add(kRetrieveUrl, "UR", one_study ? study_url(service_url, *stored) : std::string());
  add_sequence(report, kFailedSopSequence, results, service_url,
               [](const auto& r) { return !is_stored(r) && !is_other_failure(r); });
  add_sequence(report, kReferencedSopSequence, results, service_url, is_stored);
  add_sequence(report, kOtherFailuresSequence, results, service_url, is_other_failure);
  return report.take();
}

}  // namespace fermata::dicomweb
