#include "institution_hook.hpp"

#include "fermata/dicom/data_set_view.hpp"

namespace your_plugin {
namespace {

constexpr fermata::dicom::Tag kInstitutionName{0x0008, 0x0080};

}  // namespace

void InstitutionHook::before_store(fermata::IngestContext& context) {
  const fermata::dicom::DataSetView header(context.header());
  if (rules_.require_patient_id && header.text(fermata::dicom::kPatientId).empty()) {
    journal_.count("without_patient_id_total", 1);
    context.refuse("objects need a Patient ID here");
    return;
  }
  if (!rules_.institution.empty() && header.text(kInstitutionName).empty())
    context.set_element(kInstitutionName.value, "LO", std::as_bytes(std::span(rules_.institution)));
}

void InstitutionHook::after_store(const fermata::InstanceRecord&, fermata::StoreOutcome::Kind) {
  journal_.count("seen_total", 1);
}

}  // namespace your_plugin
