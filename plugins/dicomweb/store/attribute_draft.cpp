#include "store/attribute_draft.hpp"

#include <algorithm>
#include <utility>

#include "fermata/error.hpp"
#include "store/value_encoder.hpp"

namespace fermata::dicomweb {

using dicom::Vr;

void AttributeDraft::set_content(Content content) {
  if (content_ != Content::none && content != Content::none && content_ != content)
    throw Error(Code::invalid,
                "an attribute has values, inline binary or a reference to bulk data, but only one of them");
  content_ = content;
}

void AttributeDraft::add(Kind kind, std::string_view text) {
  const auto begin = characters_.size();
  characters_ += text;
  values_.push_back({kind, begin, characters_.size()});
}

void AttributeDraft::add_item(DraftedDataSet item) {
  items_.push_back(std::move(item));
  values_.push_back({Kind::item});
}

void AttributeDraft::put_into(DataSetDraft& data_set, const AttributeDictionary& dictionary) && {
  if (tag_.group() < 0x0004 || tag_.is_group_length()) return;
  const Vr vr = decide_vr(data_set, dictionary);
  if (vr == Vr("SQ") && (content_ == Content::reference || content_ == Content::inline_binary))
    throw Error(Code::invalid, "a sequence has items, and can't be bulk data");
  if (content_ == Content::reference) {
    if (characters_.empty()) throw Error(Code::invalid, "the reference to bulk data is empty");
    data_set.refer(tag_, vr, characters_, private_creator_);
  } else if (content_ == Content::inline_binary) {
    put_inline_binary(data_set, vr);
  } else if (vr == Vr("SQ")) {
    std::move(*this).put_items(data_set);
  } else {
    put_values(data_set, vr);
  }
}

Vr AttributeDraft::decide_vr(const DataSetDraft& data_set, const AttributeDictionary& dictionary) const {
  const bool negative = std::any_of(values_.begin(), values_.end(),
                                    [this](const Value& value) { return text_of(value).starts_with('-'); });
  const auto creator = private_creator_.empty() ? data_set.private_creator(tag_) : std::string_view(private_creator_);
  return resolve_vr(vr_, tag_, creator, dictionary, negative);
}

void AttributeDraft::put_inline_binary(DataSetDraft& data_set, Vr vr) const {
  const auto bytes = decode_base64(characters_);
  if (!bytes) throw Error(Code::invalid, "InlineBinary is no base64");
  data_set.add(tag_, vr, *bytes, private_creator_);
}

void AttributeDraft::put_items(DataSetDraft& data_set) && {
  std::vector<DraftedDataSet> items;
  auto given = items_.begin();
  for (const auto& value : values_) {
    if (value.kind != Kind::item && value.kind != Kind::none) throw Error(Code::invalid, "an item is no data set");
    items.push_back(value.kind == Kind::item ? std::move(*given++) : DraftedDataSet{});
  }
  data_set.add_sequence(tag_, std::move(items), private_creator_);
}

void AttributeDraft::put_values(DataSetDraft& data_set, Vr vr) const {
  for (const auto& item : items_)  // in JSON, an empty one may be a name
    if (vr != Vr("PN") || !item.bytes.empty() || !item.references.empty())
      throw Error(Code::invalid, "only a sequence (SQ) has items");
  std::vector<TextValue> values;
  for (const auto& value : values_) {
    if (value.kind == Kind::name && vr != Vr("PN"))
      throw Error(Code::invalid, "only a person name (PN) has component groups");
    const auto kind = value.kind == Kind::none     ? TextValue::Kind::none
                      : value.kind == Kind::number ? TextValue::Kind::number
                                                   : TextValue::Kind::text;
    values.push_back({kind, text_of(value)});
  }
  if (values.size() == 1 && values.front().kind == TextValue::Kind::none) values.clear();
  data_set.add(tag_, vr, encode_values(vr, values), private_creator_);
}

}  // namespace fermata::dicomweb
