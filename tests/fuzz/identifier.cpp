// The data set of a request other than C-STORE, in Implicit or Explicit VR; then as an answer goes out.
#include "query-retrieve/identifier.hpp"

#include "fermata/dicom/key_compiler.hpp"
#include "fermata/error.hpp"
#include "input.hpp"
#include "walk.hpp"

using namespace fermata;
using namespace fermata::dimse;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  constexpr std::string_view kSyntaxes[] = {"1.2.840.10008.1.2", "1.2.840.10008.1.2.1"};
  fuzz::Input input(data, size);
  const auto choice = input.byte();
  std::vector<std::byte> decoded;
  try {
    decoded = decode_data_set(input.bytes(), kSyntaxes[choice & 1]);
  } catch (const Error&) {
    return 0;
  }
  const dicom::DataSetView view(decoded);
  fuzz::walk(view);
  DataSetEncoder(kSyntaxes[choice >> 1 & 1]).encode(view);
  try {
    dicom::compile(view, (choice & 4) != 0);
  } catch (const Error&) {
  }
  return 0;
}
