#include "node_check.hpp"

#include <array>
#include <chrono>
#include <cstdio>

#include "fermata/dicom/data_set_writer.hpp"
#include "fermata/dicom/uid.hpp"
#include "fermata/error.hpp"

namespace fermata::admin {
namespace {

using dicom::Tag;

constexpr uint16_t kFindRequest = 0x0020;
constexpr uint16_t kStoreRequest = 0x0001;
constexpr std::string_view kStudyRootFind = "1.2.840.10008.5.1.4.1.2.2.1";
constexpr std::string_view kSecondaryCapture = "1.2.840.10008.5.1.4.1.1.7";
constexpr std::chrono::seconds kPatience{20};
constexpr uint16_t kSize = 16;

class StatusSink final : public DimseResponseSink {
 public:
  bool take(const DimseResponse& response) override {
    status = response.status;
    comment = response.error_comment;
    return true;
  }
  uint16_t status = 0;
  std::string comment;
};

/// Warnings (Bxxx) are successes with a remark.
bool is_success(uint16_t status) { return status == 0 || (status & 0xf000) == 0xb000; }

std::string text_of(const StatusSink& sink) {
  std::array<char, 16> code{};
  std::snprintf(code.data(), code.size(), "%04X", unsigned{sink.status});
  return "status " + std::string(code.data()) + (sink.comment.empty() ? "" : ": " + sink.comment);
}

CheckResult ask(DimseClient& client, const std::string& ae_title, const DimseRequest& request) {
  try {
    const DimseContext context{request.sop_class_uid, {}, DimseRole::scu};
    const auto association = client.open({ae_title, {}, {}}, {&context, 1});
    StatusSink sink;
    association->request(request, kPatience, sink);
    if (is_success(sink.status)) return {CheckResult::Outcome::ok, {}};
    return {CheckResult::Outcome::failed, text_of(sink)};
  } catch (const Error& error) {
    const bool refused = error.code() == Code::refused || error.code() == Code::unsupported;
    return {refused ? CheckResult::Outcome::not_offered : CheckResult::Outcome::failed, error.what()};
  }
}

std::vector<std::byte> test_image(const std::string& instance) {
  dicom::DataSetWriter w;
  w.add(dicom::kSopClassUid, "UI", kSecondaryCapture);
  w.add(dicom::kSopInstanceUid, "UI", instance);
  w.add_empty(dicom::kStudyDate, "DA");
  w.add_empty(dicom::kStudyTime, "TM");
  w.add_empty(dicom::kAccessionNumber, "SH");
  w.add(dicom::kModality, "CS", "OT");
  w.add(Tag(0x0008, 0x0064), "CS", "WSD");
  w.add_empty(Tag(0x0008, 0x0090), "PN");
  w.add(Tag(0x0008, 0x1030), "LO", "Connection test");
  w.add(dicom::kPatientName, "PN", "FERMATA^TEST");
  w.add(dicom::kPatientId, "LO", "FERMATA-TEST");
  w.add_empty(dicom::kPatientBirthDate, "DA");
  w.add(Tag(0x0010, 0x0040), "CS", "O");
  w.add(dicom::kStudyInstanceUid, "UI", dicom::new_uid());
  w.add(dicom::kSeriesInstanceUid, "UI", dicom::new_uid());
  w.add(dicom::kStudyId, "SH", "1");
  w.add(dicom::kSeriesNumber, "IS", "1");
  w.add(dicom::kInstanceNumber, "IS", "1");
  w.add_u16(Tag(0x0028, 0x0002), 1);
  w.add(Tag(0x0028, 0x0004), "CS", "MONOCHROME2");
  w.add_u16(Tag(0x0028, 0x0010), kSize);
  w.add_u16(Tag(0x0028, 0x0011), kSize);
  w.add_u16(Tag(0x0028, 0x0100), 8);
  w.add_u16(Tag(0x0028, 0x0101), 8);
  w.add_u16(Tag(0x0028, 0x0102), 7);
  w.add_u16(Tag(0x0028, 0x0103), 0);
  w.add(dicom::kPixelData, "OW", std::string(std::size_t{kSize} * kSize, '\x80'));
  return w.take();
}

}  // namespace

CheckResult check_query(DimseClient& client, const std::string& ae_title) {
  dicom::DataSetWriter keys;
  keys.add_empty(dicom::kStudyDate, "DA");
  keys.add(dicom::kQueryRetrieveLevel, "CS", "STUDY");
  keys.add(dicom::kStudyInstanceUid, "UI", dicom::new_uid());
  DimseRequest request;
  request.command_field = kFindRequest;
  request.sop_class_uid = kStudyRootFind;
  request.has_data_set = true;
  request.data_set = keys.bytes();
  return ask(client, ae_title, request);
}

CheckResult check_send(DimseClient& client, const std::string& ae_title) {
  const auto instance = dicom::new_uid();
  const auto image = test_image(instance);
  DimseRequest request;
  request.command_field = kStoreRequest;
  request.sop_class_uid = kSecondaryCapture;
  request.sop_instance_uid = instance;
  request.has_data_set = true;
  request.data_set = image;
  return ask(client, ae_title, request);
}

}  // namespace fermata::admin
