#include "patients.hpp"

#include "fermata/dicom/data_set_view.hpp"
#include "fermata/plain_text.hpp"

namespace fermata::audit_trail {
namespace {

constexpr std::size_t kLongest = 256;

}  // namespace

std::string patient_of(Archive& archive, const std::string& study_instance_uid) {
  try {
    const std::string_view study = study_instance_uid;
    Selection selection;
    selection.study_instance_uids = {&study, 1};
    selection.with_headers = true;
    const auto cursor = archive.instances(selection);
    InstanceRecord record;
    if (!cursor->next(record)) return {};
    return plain_text(dicom::DataSetView(record.header).text(dicom::kPatientId), kLongest);
  } catch (const Error&) {  // the event counts more than its completeness
    return {};
  }
}

}  // namespace fermata::audit_trail
