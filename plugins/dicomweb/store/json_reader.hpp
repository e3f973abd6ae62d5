#pragma once
#include <functional>
#include <memory>
#include <string_view>

#include "attribute_dictionary.hpp"
#include "store/metadata.hpp"

namespace fermata::dicomweb {

/// Reads the DICOM JSON Model (PS3.18 F.2) as it arrives: an array of data sets, or one.
///
/// Takes what is written in practice: attributes in any order, numbers as text, a missing or undecided "vr", person
/// names as plain text, InlineBinary in an array. **Thread**: one at a time. **Ownership**: the dictionary is borrowed.
/// **Errors**: invalid; the text names the place, as in "[0]/00081140/Value[1]/00081155".
class JsonReader {
 public:
  /// Gets each data set when it is complete.
  using Take = std::function<void(Metadata)>;
  static constexpr std::size_t kDeepestSequence = 64;

  JsonReader(const AttributeDictionary& dictionary, Take take);
  ~JsonReader();
  /// The text's next piece.
  void feed(std::string_view text);
  /// The text is complete.
  void finish();

 private:
  class Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace fermata::dicomweb
