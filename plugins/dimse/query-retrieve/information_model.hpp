#pragma once
#include <optional>
#include <span>
#include <string_view>

#include "fermata/application_entities.hpp"
#include "fermata/dicom/tag.hpp"
#include "fermata/index.hpp"

namespace fermata::dimse {

/// One SOP Class of Query/Retrieve: an information model and what is done with it (PS3.4 C.3, C.6).
struct InformationModel {
  enum class Root { patient, study, patient_study_only };
  enum class Operation { find, move, get };
  std::string_view sop_class_uid;
  Root root;
  Operation operation;

  bool has(Level level) const {
    if (level == Level::patient) return root != Root::study;
    if (level == Level::study) return true;
    return root != Root::patient_study_only;
  }
  Rights rights() const { return operation == Operation::find ? kMayQuery : kMayRetrieve; }
};

/// All of them, in the order of their UIDs.
std::span<const InformationModel> information_models();
/// Null for any other SOP Class.
const InformationModel* information_model(std::string_view sop_class_uid);

/// The value of (0008,0052), read leniently: any case, spaces around it.
std::optional<Level> level_named(std::string_view text);
std::string_view name_of(Level level);
/// What identifies an entity of this level (PS3.4 C.6.1.1, C.6.2.1).
dicom::Tag unique_key(Level level);

}  // namespace fermata::dimse
