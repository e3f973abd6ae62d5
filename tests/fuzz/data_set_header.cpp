// A data set on its way in: scanned in pieces, then its header brought into canonical form and back.
#include "data-set/canonical_header.hpp"
#include "data-set/data_set_scanner.hpp"
#include "data-set/header_encoder.hpp"
#include "fermata/error.hpp"
#include "input.hpp"
#include "refusal.hpp"
#include "walk.hpp"

using namespace fermata;
using namespace fermata::archive;

namespace {

constexpr std::string_view kSyntaxes[] = {"1.2.840.10008.1.2.1", "1.2.840.10008.1.2", "1.2.840.10008.1.2.2",
                                          "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.50"};

/// The way in accepts it: then all that works on headers has to.
void use(const CanonicalHeader& header) {
  const dicom::DataSetView view(header.bytes);
  fuzz::walk(view);
  fuzz::json_of(view);
  for (const auto encoding : {Encoding::implicit_little, Encoding::explicit_big, Encoding::explicit_little})
    encode_header(header.bytes, encoding);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const auto syntax = kSyntaxes[input.byte() % std::size(kSyntaxes)];
  const std::size_t piece = input.byte();
  CanonicalHeader header;
  try {
    DataSetScanner scanner(syntax, {.header = 1 << 20});
    fuzz::in_pieces(input.bytes(), piece, [&](std::span<const std::byte> bytes) { scanner.feed(bytes); });
    scanner.finish();
    scanner.bulk();
    header = canonical_header(scanner.captured(), scanner.encoding().elements);
  } catch (const Refused&) {
    return 0;
  }
  use(header);
  return 0;
}
