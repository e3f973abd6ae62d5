#pragma once
#include "fermata/bridge/bridge.hpp"
#include "fermata/study_notes.hpp"

namespace fermata::bridge {

template <>
struct Bridge<StudyNotes> {
  using Table = fermata_study_notes_vt;
  static const Table* table() {
    static const Table t{sizeof(Table), Thunk<&StudyNotes::add_labels>::call, Thunk<&StudyNotes::put_note>::call};
    return &t;
  }
  class Proxy final : public StudyNotes, Remote<Table> {
   public:
    Proxy(const void* vt, void* self) : Remote(static_cast<const Table*>(vt), self) {}
    void add_labels(std::string_view study, std::span<const std::string_view> labels) override {
      const Strings list(labels);
      call(&Table::add_labels, str(study), static_cast<fermata_strings>(list));
    }
    void put_note(std::string_view study, std::string_view origin, std::string_view text) override {
      call(&Table::put_note, str(study), str(origin), str(text));
    }
  };
};

}  // namespace fermata::bridge
