#pragma once
#include <algorithm>
#include <vector>

#include "fermata/dicom/data_set_writer.hpp"
#include "fermata/dicom/matching.hpp"

namespace fermata::dicom {

inline void add_answer(DataSetWriter& answer, const Element& asked, const Key* key, DataSetView data_set);

namespace detail {

inline DataSetView first_item(const Element& sequence) {
  for (const auto item : sequence.items()) return item;
  return {};
}
inline const Key* key_of(const std::vector<Key>& keys, Tag tag) {
  const auto found = std::find_if(keys.begin(), keys.end(), [tag](const Key& key) { return key.tag == tag; });
  return found == keys.end() ? nullptr : &*found;
}
/// Only items that match, and of each what was asked for. None left: the sequence is empty.
inline void add_items(DataSetWriter& answer, const Element& found, DataSetView asked, const Key* key) {
  static const std::vector<Key> kNone;
  const auto& keys = key == nullptr ? kNone : key->items;
  answer.begin_sequence(found.tag);
  for (const auto item : found.items()) {
    if (!matches(keys, item)) continue;
    answer.begin_item();
    for (const auto& nested : asked)
      if (!nested.tag.is_group_length() && nested.tag != kSpecificCharacterSet)
        add_answer(answer, nested, key_of(keys, nested.tag), item);
    answer.end();
  }
  answer.end();
}

}  // namespace detail

/// Adds to an answer what `data_set` has for `asked`, an element of the identifier; without a value it is there and
/// empty. Of a sequence whose item in the identifier names attributes, the items that match `key`, with those
/// attributes; of any other, all there is (PS3.4 C.2.2.2.6). `key`: what `compile` made of `asked`, or null.
inline void add_answer(DataSetWriter& answer, const Element& asked, const Key* key, DataSetView data_set) {
  const auto found = data_set.find(asked.tag);
  const auto wanted = asked.vr == Vr("SQ") ? detail::first_item(asked) : DataSetView{};
  if (!found)
    answer.add_empty(asked.tag, asked.vr);
  else if (found->vr == Vr("SQ") && !wanted.empty())
    detail::add_items(answer, *found, wanted, key);
  else
    answer.add(asked.tag, found->vr, found->value);
}

}  // namespace fermata::dicom
