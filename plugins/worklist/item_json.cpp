#include "item_json.hpp"

#include "api/json_answer.hpp"
#include "attributes.hpp"
#include "fermata/dicom/editable_data_set.hpp"

namespace fermata::worklist {
namespace {

namespace json = boost::json;
using namespace attribute;

constexpr dicom::Tag kReferringPhysician{0x0008, 0x0090};
constexpr dicom::Tag kPatientSex{0x0010, 0x0040};

/// A component group of a name.
std::string group(std::string_view name, int index) {
  for (; index > 0; --index) {
    const auto end = name.find('=');
    if (end == std::string_view::npos) return {};
    name.remove_prefix(end + 1);
  }
  return api::utf8(name.substr(0, name.find('=')));
}

}  // namespace

json::object item_json(const Item& item) {
  const auto view = item.view();
  const auto step = dicom::EditableDataSet(view).first_item(kScheduledProcedureStepSequence);
  const auto text = [&](dicom::Tag tag) { return api::utf8(view.text(tag)); };
  const auto of_step = [&](dicom::Tag tag) { return api::utf8(step.text(tag)); };
  const auto name = view.text(dicom::kPatientName);
  return {{"id", api::utf8(item.id)},
          {"origin", api::utf8(item.origin)},
          {"status", api::utf8(item.status)},
          {"date", item.start.substr(0, 8)},
          {"time", of_step(kStartTime)},
          {"modality", of_step(dicom::kModality)},
          {"station", of_step(kScheduledStationAeTitle)},
          {"station_name", of_step(kStationName)},
          {"description", of_step(kStepDescription)},
          {"step_id", of_step(kStepId)},
          {"performing_physician", group(step.text(kPerformingPhysician), 0)},
          {"patient_name", group(name, 0)},
          {"patient_name_ideographic", group(name, 1)},
          {"patient_id", text(dicom::kPatientId)},
          {"patient_birth_date", text(dicom::kPatientBirthDate)},
          {"patient_sex", text(kPatientSex)},
          {"accession_number", text(dicom::kAccessionNumber)},
          {"referring_physician", group(view.text(kReferringPhysician), 0)},
          {"requested_procedure_id", text(kRequestedProcedureId)},
          {"study_instance_uid", text(dicom::kStudyInstanceUid)}};
}

}  // namespace fermata::worklist
