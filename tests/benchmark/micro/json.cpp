// One instance of the answer to a request for metadata.
#include <benchmark/benchmark.h>

#include "fermata/dicom/json_writer.hpp"
#include "study.hpp"

namespace fermata::benchmark {
namespace {

void write_dicom_json(::benchmark::State& state) {
  const auto object = header(Study(1), 1, {});
  std::size_t written = 0;
  dicom::JsonWriter writer([&](std::string_view text) { written += text.size(); });
  for (auto _ : state) writer.write(dicom::DataSetView(object));
  writer.flush();
  state.SetBytesProcessed(static_cast<int64_t>(written));
}
BENCHMARK(write_dicom_json);

}  // namespace
}  // namespace fermata::benchmark
