#include "nodes/node_check.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <span>

#include "fermata/dicom/data_set_writer.hpp"
#include "fermata/dicom/uid.hpp"
#include "fermata/error.hpp"

namespace fermata::admin {
namespace {

using dicom::Tag;

constexpr uint16_t kFindRequest = 0x0020;
constexpr uint16_t kStoreRequest = 0x0001;
constexpr uint16_t kGetRequest = 0x0010;
constexpr uint16_t kMoveRequest = 0x0021;
constexpr std::string_view kStudyRootFind = "1.2.840.10008.5.1.4.1.2.2.1";
constexpr std::string_view kStudyRootMove = "1.2.840.10008.5.1.4.1.2.2.2";
constexpr std::string_view kStudyRootGet = "1.2.840.10008.5.1.4.1.2.2.3";
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

CheckResult ask(DimseClient& client, const std::string& ae_title, const DimseRequest& request,
                std::span<const DimseContext> besides = {}) {
  try {
    std::vector<DimseContext> contexts{{request.sop_class_uid, {}, DimseRole::scu}};
    contexts.insert(contexts.end(), besides.begin(), besides.end());
    const auto association = client.open({ae_title, {}, {}}, contexts);
    StatusSink sink;
    association->request(request, kPatience, sink);
    const auto outcome = is_success(sink.status) ? CheckResult::Outcome::ok : CheckResult::Outcome::failed;
    return {outcome, sink.status == 0 ? std::string() : text_of(sink), sink.status};
  } catch (const Error& error) {
    const bool refused = error.code() == Code::refused || error.code() == Code::unsupported;
    return {refused ? CheckResult::Outcome::not_offered : CheckResult::Outcome::failed, error.what(), 0};
  }
}

std::vector<std::byte> study_keys(const TestImage& image) {
  dicom::DataSetWriter keys;
  keys.add(dicom::kQueryRetrieveLevel, "CS", "STUDY");
  keys.add(dicom::kStudyInstanceUid, "UI", image.study);
  return keys.take();
}

std::vector<std::byte> encoded(const TestImage& image) {
  dicom::DataSetWriter w;
  w.add(dicom::kSopClassUid, "UI", kSecondaryCapture);
  w.add(dicom::kSopInstanceUid, "UI", image.instance);
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
  w.add(dicom::kStudyInstanceUid, "UI", image.study);
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

TestImage::TestImage() : study(dicom::new_uid()), instance(dicom::new_uid()), data_set(encoded(*this)) {}

CheckResult check_query(DimseClient& client, const std::string& ae_title) {
  dicom::DataSetWriter keys;
  keys.add_empty(dicom::kStudyDate, "DA");
  keys.add(dicom::kQueryRetrieveLevel, "CS", "STUDY");
  keys.add(dicom::kStudyInstanceUid, "UI", dicom::new_uid());
  return ask(client, ae_title, request_with(keys.bytes(), kFindRequest, kStudyRootFind));
}

CheckResult check_send(DimseClient& client, const std::string& ae_title, const TestImage& image) {
  auto request = request_with(image.data_set, kStoreRequest, kSecondaryCapture);
  request.sop_instance_uid = image.instance;
  return ask(client, ae_title, request);
}

CheckResult check_move(DimseClient& client, const std::string& ae_title, const TestImage& image,
                       const std::string& destination) {
  const auto keys = study_keys(image);
  auto request = request_with(keys, kMoveRequest, kStudyRootMove);
  request.move_destination = destination;
  return ask(client, ae_title, request);
}

CheckResult check_get(DimseClient& client, const std::string& ae_title, const TestImage& image) {
  const auto keys = study_keys(image);
  const DimseContext receiving{kSecondaryCapture, {}, DimseRole::scp};
  return ask(client, ae_title, request_with(keys, kGetRequest, kStudyRootGet), {&receiving, 1});
}

}  // namespace fermata::admin
