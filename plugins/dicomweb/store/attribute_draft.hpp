#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "attribute_dictionary.hpp"
#include "store/data_set_draft.hpp"

namespace fermata::dicomweb {

/// What JSON or XML says about one attribute, collected until all of it is known: its VR may come last.
///
/// **Thread**: one at a time. **Errors**: invalid.
class AttributeDraft {
 public:
  enum class Content : uint8_t { none, values, inline_binary, reference };
  enum class Kind : uint8_t { none, text, number, name, item };

  explicit AttributeDraft(dicom::Tag tag) : tag_(tag) {}
  dicom::Tag tag() const { return tag_; }
  Content content() const { return content_; }
  std::size_t count() const { return values_.size(); }
  const std::string& characters() const { return characters_; }

  /// As written: two letters, or one of the names of an undecided one ("US or SS"). Empty: the dictionary's.
  void set_vr(std::string vr) { vr_ = std::move(vr); }
  /// Of a private attribute whose tag is written without its block (PS3.19 A.1).
  void set_private_creator(std::string creator) { private_creator_ = std::move(creator); }
  void set_content(Content content);
  /// A value, the base64 of inline binary, or the URI of a reference.
  void add(Kind kind, std::string_view text);
  void add_item(DraftedDataSet item);

  /// Encodes it. File meta information and group lengths are no part of a data set and are left out.
  void put_into(DataSetDraft& data_set, const AttributeDictionary& dictionary) &&;

 private:
  struct Value {
    Kind kind;
    std::size_t begin = 0, end = 0;  ///< in `characters_`
  };

  dicom::Vr decide_vr(const DataSetDraft& data_set, const AttributeDictionary& dictionary) const;
  void put_inline_binary(DataSetDraft& data_set, dicom::Vr vr) const;
  void put_items(DataSetDraft& data_set) &&;
  void put_values(DataSetDraft& data_set, dicom::Vr vr) const;
  std::string_view text_of(const Value& value) const {
    return std::string_view(characters_).substr(value.begin, value.end - value.begin);
  }

  dicom::Tag tag_;
  std::string vr_;
  std::string private_creator_;
  Content content_ = Content::none;
  std::string characters_;  ///< of all values
  std::vector<Value> values_;
  std::vector<DraftedDataSet> items_;
};

}  // namespace fermata::dicomweb
