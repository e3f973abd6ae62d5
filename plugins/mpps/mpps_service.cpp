#include "mpps_service.hpp"

#include <string>

#include "refusal.hpp"

namespace fermata::mpps {
namespace {

constexpr uint16_t kNSet = 0x0120;
constexpr uint16_t kNCreate = 0x0140;

}  // namespace

void MppsService::handle(const DimseRequest& request, DimseResponder& responder) {
  try {
    if (request.command_field != kNCreate && request.command_field != kNSet)
      throw Refusal(status::kUnrecognizedOperation, "only N-CREATE and N-SET are served");
    if (request.sop_class_uid != kSopClassUid)
      throw Refusal(status::kNoSuchSopClass, "not the SOP Class of the Presentation Context");
    const auto step = request.command_field == kNCreate ? create(request) : set(request);
    worklist_.tell(step);
    note(step);
    DimseResponse response;
    response.sop_instance_uid = step.sop_instance_uid;
    responder.send(response);
  } catch (const Refusal& refusal) {
    journal_.count("refused_total", 1);
    journal_.log(LogLevel::warning, std::string("a performed procedure step is refused: ") + refusal.what(),
                 {{"calling_ae_title", std::string(request.calling_ae_title)},
                  {"sop_instance_uid", std::string(request.sop_instance_uid)}});
    responder.send(refusal.response());
  }
}

PerformedStep MppsService::create(const DimseRequest& request) {
  auto step = PerformedStep::create(std::string(request.sop_instance_uid), dicom::DataSetView(request.data_set),
                                    {std::string(request.calling_ae_title), now_()});
  step.worklist_items = worklist_.items_of(step);
  if (!steps_.add(step)) throw Refusal(status::kDuplicateSopInstance, "there is a step with this SOP Instance UID");
  journal_.count("created_total", 1);
  return step;
}

PerformedStep MppsService::set(const DimseRequest& request) {
  auto changed = steps_.change(request.sop_instance_uid, [&](PerformedStep& step) {
    step.set(dicom::DataSetView(request.data_set), {std::string(request.calling_ae_title), now_()});
  });
  if (!changed) throw Refusal(status::kNoSuchSopInstance, "there is no step with this SOP Instance UID");
  return std::move(*changed);
}

void MppsService::note(const PerformedStep& step) const {
  std::string left_out;
  for (const auto name : step.left_out()) left_out += (left_out.empty() ? "" : ", ") + std::string(name);
  journal_.log(LogLevel::info, "a performed procedure step is " + std::string(step.state()),
               {{"ae_title", step.ae_title},
                {"sop_instance_uid", step.sop_instance_uid},
                {"study_instance_uid", step.study_instance_uid()},
                {"worklist_items", std::to_string(step.worklist_items.size())},
                {"left_out", left_out.empty() ? "nothing" : left_out}});
}

}  // namespace fermata::mpps
