#pragma once
#include <functional>
#include <memory>
#include <string_view>

#include "attribute_dictionary.hpp"
#include "store/metadata.hpp"

namespace fermata::dicomweb {

/// Reads one document of the Native DICOM Model (PS3.19 A.1) as it arrives.
///
/// Document types, and with them all entities, are refused. **Thread**: one at a time. **Ownership**: the dictionary is
/// borrowed. **Errors**: invalid; the text names the place, as in "00081140/Item 2/00081155".
class NativeXmlReader {
 public:
  static constexpr std::size_t kDeepestSequence = 64;

  explicit NativeXmlReader(const AttributeDictionary& dictionary);
  ~NativeXmlReader();
  /// The text's next piece.
  void feed(std::string_view text);
  /// The text is complete.
  Metadata finish();

 private:
  class Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace fermata::dicomweb
