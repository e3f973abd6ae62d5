#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/dicom/tag.hpp"

namespace fermata::dicomweb {

/// An element whose value comes from somewhere else. It belongs before byte `at` of the data set's bytes.
struct BulkReference {
  std::size_t at = 0;
  dicom::Tag tag;
  dicom::Vr vr;
  std::string uri;
  bool nested = false;  ///< in an item of a sequence
};

/// A data set in Explicit VR Little Endian without the elements of `references`. What encloses such an element has
/// undefined length.
struct DraftedDataSet {
  std::vector<std::byte> bytes;
  std::vector<BulkReference> references;  ///< ascending by `at`
  bool ascii = true;                      ///< all text is
};

/// Collects the attributes of a data set in any order, as JSON and XML have them, and encodes it.
///
/// Text is UTF-8. (0008,0005) is the draft's matter: what is added as such is only taken as a hint that there should be
/// one. **Thread**: one at a time. **Errors**: invalid (an attribute twice, a value that is too long).
class DataSetDraft {
 public:
  /// A private attribute with `private_creator` gets its block when everything is known: of the tag only the group and
  /// the last byte count.
  void add(dicom::Tag tag, dicom::Vr vr, std::span<const std::byte> value, std::string_view private_creator = {});
  void refer(dicom::Tag tag, dicom::Vr vr, std::string uri, std::string_view private_creator = {});
  void add_sequence(dicom::Tag tag, std::vector<DraftedDataSet> items, std::string_view private_creator = {});
  /// Whose block a private tag is in, as far as it was added; empty where nobody's.
  std::string_view private_creator(dicom::Tag tag) const;
  /// An item of a sequence.
  DraftedDataSet finish_item() &&;
  /// A whole data set: its text is announced as UTF-8.
  DraftedDataSet finish() &&;

 private:
  struct Part {
    dicom::Tag tag;
    DraftedDataSet content;
    std::string private_creator;  ///< empty where the tag is complete
  };
  struct Block {
    dicom::Tag creator;  ///< (gggg,0010) to (gggg,00FF)
    std::string name;
  };
  void add_part(dicom::Tag tag, DraftedDataSet content, std::string_view private_creator);
  dicom::Tag block_of(uint16_t group, const std::string& creator);
  void place_private_attributes();
  std::vector<Part> parts_;
  std::vector<Block> blocks_;
  bool names_character_set_ = false;
};

}  // namespace fermata::dicomweb
