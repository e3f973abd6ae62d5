// The DICOM JSON Model as STOW-RS gets it.
#include "fermata/error.hpp"
#include "input.hpp"
#include "store/json_reader.hpp"
#include "walk.hpp"

using namespace fermata;
using namespace fermata::dicomweb;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  static const AttributeDictionary dictionary;
  fuzz::Input input(data, size);
  const std::size_t piece = input.byte();
  std::vector<Metadata> read;
  try {
    JsonReader reader(dictionary, [&](Metadata metadata) { read.push_back(std::move(metadata)); });
    fuzz::in_pieces(input.text(), piece, [&](std::string_view text) { reader.feed(text); });
    reader.finish();
  } catch (const Error&) {
  }
  for (const auto& metadata : read) {
    if (!metadata.data_set.references.empty()) continue;  // its bytes are complete with their values only
    const dicom::DataSetView view(metadata.data_set.bytes);
    fuzz::walk(view);
    fuzz::json_of(view);
  }
  return 0;
}
