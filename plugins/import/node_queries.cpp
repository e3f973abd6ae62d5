#include "node_queries.hpp"

#include <array>
#include <charconv>

#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dicom/data_set_writer.hpp"
#include "fermata/error.hpp"

namespace fermata::imports {
namespace {

constexpr std::string_view kFindModel = "1.2.840.10008.5.1.4.1.2.2.1";  // Study Root: FIND, MOVE
constexpr std::string_view kMoveModel = "1.2.840.10008.5.1.4.1.2.2.2";
constexpr uint16_t kFind = 0x0020;
constexpr uint16_t kMove = 0x0021;
constexpr std::chrono::minutes kPatience{10};  // a node may fetch a study from tape

constexpr dicom::Tag kSopInstance{0x0008, 0x0018};
constexpr dicom::Tag kStudyDate{0x0008, 0x0020};
constexpr dicom::Tag kLevel{0x0008, 0x0052};
constexpr dicom::Tag kStudy{0x0020, 0x000d};
constexpr dicom::Tag kSeries{0x0020, 0x000e};
constexpr dicom::Tag kNumberOfInstances{0x0020, 0x1208};

bool is_pending(uint16_t status) { return status == 0xff00 || status == 0xff01; }

/// Gives each match away, and keeps what the last response says.
class Answers final : public DimseResponseSink {
 public:
  explicit Answers(std::function<void(dicom::DataSetView)> take) : take_(std::move(take)) {}
  bool take(const DimseResponse& response) override {
    if (is_pending(response.status)) {
      if (response.has_data_set) take_(dicom::DataSetView(response.data_set));
    } else {
      status = response.status;
      comment = response.error_comment;
    }
    return true;
  }
  bool is_warning() const { return (status & 0xf000) == 0xb000; }
  std::string text() const {
    char digits[8];
    const auto* const end = std::to_chars(digits, digits + sizeof digits, status, 16).ptr;
    return "status 0x" + std::string(static_cast<const char*>(digits), end) + (comment.empty() ? "" : ", " + comment);
  }

  uint16_t status = 0;
  std::string comment;

 private:
  const std::function<void(dicom::DataSetView)> take_;
};

}  // namespace

void NodeQueries::request(const DimseRequest& request, DimseResponseSink& sink) {
  if (!association_) {
    const std::array<DimseContext, 2> contexts{DimseContext{kFindModel, {}}, DimseContext{kMoveModel, {}}};
    DimseDestination destination;
    destination.ae_title = node_;
    association_ = client_.open(destination, contexts);
  }
  try {
    association_->request(request, kPatience, sink);
  } catch (const Error&) {
    association_.reset();
    throw;
  }
}

void NodeQueries::studies(const std::string& from, const std::string& to,
                          const std::function<void(RemoteStudy)>& take) {
  dicom::DataSetWriter keys;
  const auto dates = from.empty() && to.empty() ? std::string() : from + "-" + to;
  keys.add(kStudyDate, "DA", dates);
  keys.add(kLevel, "CS", "STUDY");
  keys.add_empty(kStudy, "UI");
  keys.add_empty(kNumberOfInstances, "IS");
  Answers answers([&](dicom::DataSetView match) {
    RemoteStudy study{std::string(match.text(kStudy)), 0};
    auto digits = match.text(kNumberOfInstances);
    while (!digits.empty() && digits.front() == ' ') digits.remove_prefix(1);
    std::from_chars(digits.data(), digits.data() + digits.size(), study.instances);
    if (!study.study.empty()) take(std::move(study));
  });
  DimseRequest asked;
  asked.command_field = kFind;
  asked.sop_class_uid = kFindModel;
  asked.has_data_set = true;
  asked.data_set = keys.bytes();
  request(asked, answers);
  if (answers.status != 0)
    throw Error(Code::refused, node_ + " does not list its studies: " + answers.text() +
                                   ". If they are too many for it, import them by --from and --to");
}

std::vector<std::string> NodeQueries::find(const char* level, const std::vector<std::pair<uint32_t, std::string>>& keys,
                                           uint32_t wanted) {
  dicom::DataSetWriter identifier;
  if (wanted == kSopInstance.value) identifier.add_empty(kSopInstance, "UI");
  identifier.add(kLevel, "CS", level);
  for (const auto& [tag, value] : keys) identifier.add(dicom::Tag(tag), "UI", value);
  if (wanted != kSopInstance.value) identifier.add_empty(dicom::Tag(wanted), "UI");
  std::vector<std::string> found;
  Answers answers([&](dicom::DataSetView match) {
    if (const auto uid = match.text(dicom::Tag(wanted)); !uid.empty()) found.emplace_back(uid);
  });
  DimseRequest asked;
  asked.command_field = kFind;
  asked.sop_class_uid = kFindModel;
  asked.has_data_set = true;
  asked.data_set = identifier.bytes();
  request(asked, answers);
  if (answers.status != 0) throw Error(Code::refused, node_ + " does not list what is in a study: " + answers.text());
  return found;
}

std::vector<std::string> NodeQueries::instances(const std::string& study) {
  std::vector<std::string> all;
  for (const auto& series : find("SERIES", {{kStudy.value, study}}, kSeries.value)) {
    auto some = find("IMAGE", {{kStudy.value, study}, {kSeries.value, series}}, kSopInstance.value);
    all.insert(all.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
  }
  return all;
}

std::string NodeQueries::move(const std::string& study, const std::string& destination) {
  dicom::DataSetWriter keys;
  keys.add(kLevel, "CS", "STUDY");
  keys.add(kStudy, "UI", study);
  Answers answers([](dicom::DataSetView) {});
  DimseRequest asked;
  asked.command_field = kMove;
  asked.sop_class_uid = kMoveModel;
  asked.has_data_set = true;
  asked.data_set = keys.bytes();
  asked.move_destination = destination;
  request(asked, answers);
  if (answers.status == 0) return {};
  if (answers.is_warning()) return answers.text();
  if (answers.status == 0xa801)
    throw Error(Code::refused,
                node_ + " does not know " + destination + ": add this archive there, with its AE title, host and port");
  return answers.text();
}

}  // namespace fermata::imports
