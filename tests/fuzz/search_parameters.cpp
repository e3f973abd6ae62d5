// QIDO-RS: the query of a URL becomes the identifier of a query, and that its keys.
#include "fermata/dicom/key_compiler.hpp"
#include "fermata/error.hpp"
#include "input.hpp"
#include "search/search_request.hpp"
#include "walk.hpp"

using namespace fermata;
using namespace fermata::dicomweb;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  static const AttributeDictionary dictionary;
  constexpr Level kLevels[] = {Level::study, Level::series, Level::image};
  fuzz::Input input(data, size);
  const auto level = input.byte();
  Resource within;
  if ((level & 4) != 0) within.study = "1.2.3";
  try {
    const auto request =
        parse_search(kLevels[level % std::size(kLevels)], within, QueryParameters(input.text()), dictionary);
    const dicom::DataSetView identifier(request.identifier);
    fuzz::walk(identifier);
    dicom::compile(identifier, false);
  } catch (const Error& error) {
    fuzz::require(error.code() == Code::invalid, "what a URL says wrong is called invalid");
  }
  return 0;
}
