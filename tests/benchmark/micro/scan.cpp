// What the archive does with the bytes of an object before it is stored.
#include <benchmark/benchmark.h>

#include "data-set/canonical_header.hpp"
#include "data-set/data_set_scanner.hpp"
#include "study.hpp"

namespace fermata::benchmark {
namespace {

/// A CT as it comes from the network: in pieces of a PDU.
void scan_ct(::benchmark::State& state) {
  auto object = header(Study(1), 1, {});
  const auto pixels = pixel_data(Shape().pixel_bytes());
  object.insert(object.end(), pixels.begin(), pixels.end());
  constexpr std::size_t kPiece = 131066;
  for (auto _ : state) {
    archive::DataSetScanner scanner(kExplicitLittleEndian, {});
    for (std::size_t at = 0; at < object.size(); at += kPiece)
      scanner.feed(std::span(object).subspan(at, std::min(kPiece, object.size() - at)));
    scanner.finish();
    ::benchmark::DoNotOptimize(scanner.captured().size());
  }
  state.SetBytesProcessed(static_cast<int64_t>(object.size()) * state.iterations());
}
BENCHMARK(scan_ct);

void scan_header(::benchmark::State& state) {
  const auto object = header(Study(1), 1, {});
  for (auto _ : state) {
    archive::DataSetScanner scanner(kExplicitLittleEndian, {});
    scanner.feed(object);
    scanner.finish();
    ::benchmark::DoNotOptimize(scanner.captured().size());
  }
  state.SetBytesProcessed(static_cast<int64_t>(object.size()) * state.iterations());
}
BENCHMARK(scan_header);

void make_header_canonical(::benchmark::State& state) {
  const auto object = header(Study(1), 1, {});
  archive::DataSetScanner scanner(kExplicitLittleEndian, {});
  scanner.feed(object);
  scanner.finish();
  for (auto _ : state) {
    const auto canonical = archive::canonical_header(scanner.captured(), scanner.encoding().elements);
    ::benchmark::DoNotOptimize(canonical.bytes.size());
  }
}
BENCHMARK(make_header_canonical);

}  // namespace
}  // namespace fermata::benchmark
