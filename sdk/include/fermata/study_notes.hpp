#pragma once
#include <span>
#include <string_view>

#include "fermata/c/study_notes.h"

namespace fermata {

/// What people put on studies beside the objects: labels, and notes in plain text.
///
/// *Provided by* admin, which shows them; *used by* plugins that bring such things from elsewhere.
/// **Thread**: any. **Durability**: what a function did survives a power cut once it returns. **Errors**: invalid (a
/// label of more than 40 characters, a note of more than 16 KiB), io.
class StudyNotes {
 public:
  static constexpr const char* kId = FERMATA_STUDY_NOTES_ID;
  virtual ~StudyNotes() = default;
  /// Beside the labels that the study has. Those that find no place are left out.
  virtual void add_labels(std::string_view study_instance_uid, std::span<const std::string_view> labels) = 0;
  /// In place of the note of the same origin, such as "Horos/OsiriX"; an empty text takes it away.
  virtual void put_note(std::string_view study_instance_uid, std::string_view origin, std::string_view text) = 0;
};

}  // namespace fermata

#include "fermata/bridge/study_notes.hpp"  // IWYU pragma: export
