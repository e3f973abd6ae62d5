#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fermata/dicom/editable_data_set.hpp"
#include "fermata/error.hpp"
#include "fermata/worklist.hpp"

namespace fermata::mpps::testing {

/// Finds items by study or accession number together with the step's ID, and keeps their status.
class FakeWorklist final : public Worklist {
 public:
  void add(std::string id, std::string study, std::string accession_number, std::string step_id) {
    items_.push_back({std::move(id), std::move(study), std::move(accession_number), std::move(step_id)});
  }
  std::map<std::string, std::string> status;
  bool broken = false;

  std::unique_ptr<WorklistCursor> find(std::span<const std::byte> identifier) override {
    if (broken) throw Error(Code::io, "the worklist is broken");
    const dicom::EditableDataSet keys{dicom::DataSetView(identifier)};
    const auto study = keys.text(dicom::kStudyInstanceUid);
    const auto accession_number = keys.text(dicom::kAccessionNumber);
    const auto step = keys.first_item(dicom::Tag(0x0040, 0x0100));
    const auto step_id = step.text(dicom::Tag(0x0040, 0x0009));
    std::vector<std::string> ids;
    for (const auto& item : items_)
      if ((study.empty() || item.study == study) &&
          (accession_number.empty() || item.accession_number == accession_number) &&
          (step_id.empty() || item.step_id == step_id))
        ids.push_back(item.id);
    return std::make_unique<Cursor>(std::move(ids));
  }
  void set_status(std::string_view id, std::string_view value) override {
    if (broken) throw Error(Code::io, "the worklist is broken");
    for (const auto& item : items_)
      if (item.id == id) {
        status[std::string(id)] = value;
        return;
      }
    throw Error(Code::not_found, "no such item");
  }
  void put(std::string_view, std::string_view, std::span<const std::byte>) override {}
  void remove(std::string_view) override {}

 private:
  struct Item {
    std::string id, study, accession_number, step_id;
  };
  class Cursor final : public WorklistCursor {
   public:
    explicit Cursor(std::vector<std::string> ids) : ids_(std::move(ids)) {}
    bool next(WorklistItem& item) override {
      if (at_ == ids_.size()) return false;
      item.id = ids_[at_++];
      return true;
    }

   private:
    const std::vector<std::string> ids_;
    std::size_t at_ = 0;
  };
  std::vector<Item> items_;
};

}  // namespace fermata::mpps::testing
