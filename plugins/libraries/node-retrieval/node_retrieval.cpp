#include "node_retrieval.hpp"

#include <array>
#include <chrono>

#include "answers.hpp"
#include "fermata/dicom/data_set_writer.hpp"
#include "fermata/error.hpp"

namespace fermata::node_retrieval {
namespace {

constexpr std::string_view kMoveClass = "1.2.840.10008.5.1.4.1.2.2.2";  // Study Root
constexpr std::string_view kGetClass = "1.2.840.10008.5.1.4.1.2.2.3";
constexpr uint16_t kGet = 0x0010;
constexpr uint16_t kMove = 0x0021;
constexpr uint16_t kDestinationUnknown = 0xa801;
constexpr std::chrono::minutes kPatience{10};  // a node may fetch a study from tape

std::vector<std::byte> identifier(const Wanted& wanted) {
  const char* level = !wanted.instance.empty() ? "IMAGE" : !wanted.series.empty() ? "SERIES" : "STUDY";
  dicom::DataSetWriter keys;
  if (!wanted.instance.empty()) keys.add(dicom::kSopInstanceUid, "UI", wanted.instance);
  keys.add(dicom::kQueryRetrieveLevel, "CS", level);
  keys.add(dicom::kStudyInstanceUid, "UI", wanted.study);
  if (!wanted.series.empty()) keys.add(dicom::kSeriesInstanceUid, "UI", wanted.series);
  return keys.take();
}

}  // namespace

std::unique_ptr<DimseAssociation> NodeRetrieval::open(std::span<const DimseContext> contexts) {
  DimseDestination destination;
  destination.ae_title = node_;
  return client_.open(destination, contexts);
}

void NodeRetrieval::require_answer() {
  const std::array<DimseContext, 2> contexts{DimseContext{kGetClass, {}}, DimseContext{kMoveClass, {}}};
  open(contexts);
}

std::string NodeRetrieval::retrieve(const Wanted& wanted, const std::function<bool()>& is_complete) {
  std::string got;
  bool answered = false;
  if (answers_get_ && !wanted.kinds.empty()) {
    try {
      got = get(wanted);
      answered = true;
      if (is_complete ? is_complete() : got.empty()) return {};
    } catch (const Error& error) {
      got = error.what();
    }
  }
  try {
    auto moved = move(wanted);
    answers_get_ = answers_get_ && answered;
    return moved;
  } catch (const Error& error) {
    if (answered) return "C-GET: " + (got.empty() ? "not all has come" : got) + "; C-MOVE: " + error.what();
    if (got.empty()) throw;
    throw Error(error.code(), std::string(error.what()) + "; with C-GET: " + got);
  }
}

std::string NodeRetrieval::get(const Wanted& wanted) {
  const ReceivingContexts contexts(kGetClass, wanted.kinds);
  const auto association = open(contexts.list());
  const auto keys = identifier(wanted);
  Answers answers;
  association->request(request_with(keys, kGet, kGetClass), kPatience, answers);
  if (!answers.is_success() && !answers.is_warning()) throw Error(Code::refused, answers.text());
  return answers.is_success() ? std::string() : answers.text();
}

std::string NodeRetrieval::move(const Wanted& wanted) {
  const DimseContext context{kMoveClass, {}};
  const auto association = open({&context, 1});
  const auto keys = identifier(wanted);
  auto request = request_with(keys, kMove, kMoveClass);
  request.move_destination = own_;
  Answers answers;
  association->request(request, kPatience, answers);
  if (answers.status() == kDestinationUnknown)
    throw Error(Code::refused,
                node_ + " does not know " + own_ + ": add this archive there, with its AE title, host and port");
  return answers.is_success() ? std::string() : answers.text();
}

}  // namespace fermata::node_retrieval
