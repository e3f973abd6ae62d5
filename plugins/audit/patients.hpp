#pragma once
#include <string>

#include "fermata/archive.hpp"

namespace fermata::audit_trail {

/// The Patient ID of a study; empty if the archive does not have it or can't say now. **Thread**: any.
std::string patient_of(Archive& archive, const std::string& study_instance_uid);

}  // namespace fermata::audit_trail
