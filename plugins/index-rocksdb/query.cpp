#include "query.hpp"

#include <algorithm>

namespace fermata::index_rocksdb {

using dicom::AttributeLevel;
using dicom::Key;
using dicom::Tag;

CompiledQuery::CompiledQuery(const Query& query)
    : identifier_(query.identifier.begin(), query.identifier.end()),
      level_(query.level),
      order_(query.order),
      offset_(query.offset),
      limit_(query.limit) {
  if (level_ > Level::image) throw Error(Code::invalid, "the level of a query is patient, study, series or image");
  try {
    read_keys(query.combined_date_time);
    read_asked();
  } catch (const Error& e) {
    if (e.code() != Code::corrupt) throw;
    throw Error(Code::invalid, "the identifier of a query is no data set in Explicit VR Little Endian");
  }
}

void CompiledQuery::read_keys(bool combined_date_time) {
  compiled_ = dicom::compile(dicom::DataSetView(identifier_), combined_date_time);
  for (const auto& key : compiled_)
    if (key.kind != Key::Kind::universal && !is_ignored(key.tag))
      keys_[static_cast<std::size_t>(dicom::attribute_level(key.tag))].push_back(&key);
}

void CompiledQuery::read_asked() {
  for (const auto& element : dicom::DataSetView(identifier_)) {
    if (is_ignored(element.tag)) continue;
    if (!asked_.empty() && asked_.back().element.tag == element.tag) continue;
    Asked asked{element, dicom::attribute_level(element.tag)};
    for (const auto& key : compiled_)
      if (key.tag == element.tag) asked.key = &key;
    asked_.push_back(asked);
  }
  std::stable_sort(asked_.begin(), asked_.end(),
                   [](const Asked& a, const Asked& b) { return a.element.tag < b.element.tag; });
  depth_ = level_ == Level::image    ? AttributeLevel::image
           : level_ == Level::series ? AttributeLevel::series
                                     : AttributeLevel::study;
  for (const auto& asked : asked_) {
    depth_ = std::max(depth_, asked.owner);
    needs_header_ |= asked.owner == AttributeLevel::image && !is_computed(asked.element.tag);
  }
}

const Key* CompiledQuery::matching_key(Tag tag) const {
  for (const auto* key : keys(dicom::attribute_level(tag)))
    if (key->tag == tag) return key;
  return nullptr;
}

}  // namespace fermata::index_rocksdb
