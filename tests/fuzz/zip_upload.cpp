// A ZIP from a browser.
#include <algorithm>

#include "fermata/error.hpp"
#include "files/zip_reader.hpp"
#include "input.hpp"

using namespace fermata;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::size_t piece = input.byte() == 0 ? SIZE_MAX : 100;
  auto rest = input.bytes();
  constexpr std::size_t kEnough = 1 << 22;  // how much is unpacked is limited by whoever reads
  try {
    admin::ZipReader zip([&] {
      const auto given = rest.first(std::min(piece, rest.size()));
      rest = rest.subspan(given.size());
      return given;
    });
    std::size_t total = 0;
    while (total < kEnough && zip.next())
      for (auto bytes = zip.read(); !bytes.empty() && total < kEnough; bytes = zip.read()) total += bytes.size();
  } catch (const Error&) {
  }
  return 0;
}
