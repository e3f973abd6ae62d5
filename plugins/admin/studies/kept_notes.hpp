#pragma once
#include <string>
#include <vector>

#include "fermata/study_notes.hpp"
#include "studies/label_store.hpp"
#include "studies/note_store.hpp"

namespace fermata::admin {

/// Labels and notes as other plugins put them on studies. **Thread**, **Errors**: see StudyNotes. **Ownership**:
/// borrows both.
class KeptNotes final : public StudyNotes {
 public:
  KeptNotes(LabelStore& labels, NoteStore& notes) : labels_(labels), notes_(notes) {}

  void add_labels(std::string_view study, std::span<const std::string_view> labels) override {
    labels_.add(study, {labels.begin(), labels.end()});
  }
  void put_note(std::string_view study, std::string_view origin, std::string_view text) override {
    notes_.put(study, origin, text);
  }

 private:
  LabelStore& labels_;
  NoteStore& notes_;
};

}  // namespace fermata::admin
