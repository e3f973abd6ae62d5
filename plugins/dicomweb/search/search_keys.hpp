#pragma once
#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "attribute_dictionary.hpp"
#include "fermata/dicom/data_set_writer.hpp"

namespace fermata::dicomweb {

/// An attribute in a search, with the sequences around it: its tags from the outermost in (PS3.18 8.3.4.1).
using AttributePath = std::vector<dicom::Tag>;

/// "PatientName", "00100010", "RequestAttributesSequence.00400009". Nothing where a part is no attribute that has a
/// name or a tag, or where what encloses another is no sequence.
std::optional<AttributePath> parse_attribute(std::string_view text, const AttributeDictionary& dictionary);

/// Collects what a search matches and returns, and encodes it as the identifier of a query.
///
/// **Thread**: one at a time. **Ownership**: borrows the dictionary. **Errors**: invalid, without saying which
/// parameter it was.
class SearchKeys {
 public:
  explicit SearchKeys(const AttributeDictionary& dictionary) : dictionary_(dictionary) {}

  /// Asks for an attribute's value. Nothing changes where it is there already.
  void add_return_key(const AttributePath& path);
  /// Matches an attribute; an empty value matches everything. Again for the same attribute: any of both, where it may
  /// have several values.
  void add_matching_key(const AttributePath& path, std::string_view value);
  bool has(dicom::Tag tag) const { return keys_.contains(tag); }
  /// Matches one UID whatever the search says of it.
  void restrict(dicom::Tag tag, std::string_view uid);

  std::vector<std::byte> identifier() const;

 private:
  struct Key;
  using Keys = std::map<dicom::Tag, Key>;
  struct Key {
    dicom::Vr vr;
    std::string text;
    Keys items;
  };

  Key& find_or_add(const AttributePath& path);
  static void encode(const Keys& keys, dicom::DataSetWriter& to);

  const AttributeDictionary& dictionary_;
  Keys keys_;
};

}  // namespace fermata::dicomweb
