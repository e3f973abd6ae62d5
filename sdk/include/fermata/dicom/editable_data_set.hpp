#pragma once
#include <cstddef>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dicom/data_set_writer.hpp"

namespace fermata::dicom {

/// A data set whose elements are set, replaced and removed in any order: Explicit VR Little Endian, kept encoded.
///
/// **Thread**: a value. **Ownership**: owns its bytes; `text` is valid until the element changes. **Errors**: corrupt
/// (what it is made of is no data set), invalid (a value too long for its VR's length field).
class EditableDataSet {
 public:
  EditableDataSet() = default;
  explicit EditableDataSet(DataSetView data_set) {
    for (auto it = data_set.begin(); it != data_set.end(); ++it) set_encoded(it->tag, it.encoded());
  }

  bool empty() const { return elements_.empty(); }
  bool has(Tag tag) const { return elements_.contains(tag); }
  /// Without padding; empty where the element is absent.
  std::string_view text(Tag tag) const {
    const auto found = elements_.find(tag);
    return found == elements_.end() ? std::string_view{} : DataSetView(found->second).text(tag);
  }
  /// The first item of a sequence; empty where there is none.
  EditableDataSet first_item(Tag sequence) const {
    const auto found = elements_.find(sequence);
    if (found == elements_.end()) return {};
    const auto element = DataSetView(found->second).find(sequence);
    if (element->vr != Vr("SQ")) return {};
    for (const auto item : element->items()) return EditableDataSet(item);
    return {};
  }

  void set(Tag tag, Vr vr, std::string_view text) {
    DataSetWriter writer;
    writer.add(tag, vr, text);
    elements_.insert_or_assign(tag, writer.take());
  }
  void set(Tag tag, Vr vr, std::span<const std::byte> value) {
    DataSetWriter writer;
    writer.add(tag, vr, value);
    elements_.insert_or_assign(tag, writer.take());
  }
  void set_items(Tag sequence, std::span<const EditableDataSet> items) {
    DataSetWriter writer;
    writer.begin_sequence(sequence);
    for (const auto& item : items) {
      writer.begin_item();
      for (const auto& [tag, encoded] : item.elements_) writer.add_encoded(encoded);
      writer.end();
    }
    writer.end();
    elements_.insert_or_assign(sequence, writer.take());
  }
  /// An element as it is encoded, header included (DataSetView::Iterator::encoded).
  void set_encoded(Tag tag, std::span<const std::byte> element) {
    elements_.insert_or_assign(tag, std::vector<std::byte>(element.begin(), element.end()));
  }
  void erase(Tag tag) { elements_.erase(tag); }

  std::vector<std::byte> bytes() const {
    std::vector<std::byte> all;
    for (const auto& [tag, encoded] : elements_) all.insert(all.end(), encoded.begin(), encoded.end());
    return all;
  }

 private:
  std::map<Tag, std::vector<std::byte>> elements_;
};

}  // namespace fermata::dicom
