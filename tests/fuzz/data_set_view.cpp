// Explicit VR Little Endian as plugins hand it to each other: read in place, edited, written as JSON, used as a query.
#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dicom/canonical.hpp"
#include "fermata/dicom/editable_data_set.hpp"
#include "fermata/dicom/key_compiler.hpp"
#include "fermata/dicom/matching.hpp"
#include "fermata/error.hpp"
#include "input.hpp"
#include "walk.hpp"

using namespace fermata;
using namespace fermata::dicom;

namespace {

template <class Step>
void refused_or_done(Step&& step) {
  try {
    step();
  } catch (const Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const bool combined = (input.byte() & 1) != 0;
  const DataSetView view(input.bytes());
  refused_or_done([&] { fuzz::walk(view); });
  refused_or_done([&] { fuzz::json_of(view); });
  refused_or_done([&] {
    EditableDataSet edited(view);
    edited.set(kPatientId, "LO", "x");
    static_cast<void>(edited.first_item(Tag(0x0040, 0x0100)));
    fuzz::walk(DataSetView(edited.bytes()));
  });
  refused_or_done([&] { matches(compile(view, combined), view); });
  std::vector<std::byte> whole;
  try {
    whole = canonical(view);
  } catch (const Error&) {
    return 0;
  }
  fuzz::walk(DataSetView(whole));  // what it writes can be read
  return 0;
}
