// A worklist file in YAML or JSON.
#include "fermata/error.hpp"
#include "input.hpp"
#include "item.hpp"
#include "item_text.hpp"
#include "walk.hpp"

using namespace fermata;
using namespace fermata::worklist;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  try {
    for (const auto& request : requests_from_text(std::string(input.text())))
      for (const auto& step : single_steps("id", dicom::DataSetView(request)))
        fuzz::walk(make_item("id", "fuzz", dicom::DataSetView(step), "SCHEDULED")->view());
  } catch (const Error&) {
  }
  return 0;
}
