#include "retrieve_service.hpp"

#include <vector>

#include "refusal.hpp"

namespace fermata::mpps {
namespace {

constexpr uint16_t kNGet = 0x0110;

}  // namespace

void RetrieveService::handle(const DimseRequest& request, DimseResponder& responder) {
  try {
    if (request.command_field != kNGet) throw Refusal(status::kUnrecognizedOperation, "only N-GET is served");
    answer(request, responder);
  } catch (const Refusal& refusal) {
    responder.send(refusal.response());
  }
}

void RetrieveService::answer(const DimseRequest& request, DimseResponder& responder) {
  const auto step = steps_.find(request.sop_instance_uid);
  if (!step) throw Refusal(status::kNoSuchSopInstance, "there is no step with this SOP Instance UID");
  const auto all = step->data_set.bytes();
  dicom::EditableDataSet chosen;
  std::vector<uint32_t> unknown;
  const dicom::DataSetView view(all);
  if (request.attributes.empty()) chosen = step->data_set;
  for (const auto tag : request.attributes) {
    bool found = false;
    for (auto it = view.begin(); it != view.end() && !found; ++it) {
      found = it->tag == dicom::Tag(tag);
      if (found) chosen.set_encoded(it->tag, it.encoded());
    }
    if (!found) unknown.push_back(tag);
  }
  const auto bytes = chosen.bytes();
  DimseResponse response;
  if (!unknown.empty()) response.status = status::kRequestedOptionalAttributesNotSupported;
  response.attributes = unknown;
  response.has_data_set = true;
  response.data_set = bytes;
  responder.send(response);
}

}  // namespace fermata::mpps
