// The Native DICOM Model as STOW-RS gets it.
#include "fermata/error.hpp"
#include "input.hpp"
#include "store/native_xml_reader.hpp"
#include "walk.hpp"

using namespace fermata;
using namespace fermata::dicomweb;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  static const AttributeDictionary dictionary;
  fuzz::Input input(data, size);
  const std::size_t piece = input.byte();
  Metadata metadata;
  try {
    NativeXmlReader reader(dictionary);
    fuzz::in_pieces(input.text(), piece, [&](std::string_view text) { reader.feed(text); });
    metadata = reader.finish();
  } catch (const Error&) {
    return 0;
  }
  if (metadata.data_set.references.empty()) fuzz::walk(dicom::DataSetView(metadata.data_set.bytes));
  return 0;
}
