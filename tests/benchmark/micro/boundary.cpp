// What it costs that services are called across plugins: the same call to an object, and through a table of C
// functions.
#include <benchmark/benchmark.h>

#include "fermata/testing/memory_blob_store.hpp"
#include "fermata/testing/memory_index.hpp"
#include "fermata/testing/sample_instance.hpp"
#include "fermata/testing/through_boundary.hpp"
#include "study.hpp"

namespace fermata::benchmark {
namespace {

void ask_statistics(::benchmark::State& state) {
  testing::MemoryIndex direct;
  const auto across = testing::through_boundary<Index>(direct);
  Index& index = state.range(0) == 0 ? static_cast<Index&>(direct) : *across;
  for (auto _ : state) ::benchmark::DoNotOptimize(index.statistics().studies);
  state.SetLabel(state.range(0) == 0 ? "direct" : "across plugins");
}
BENCHMARK(ask_statistics)->Arg(0)->Arg(1);

/// A record goes across as it is, without a copy.
void walk_instances(::benchmark::State& state) {
  testing::MemoryIndex direct;
  for (int i = 0; i < 100; ++i) {
    const testing::SampleInstance instance("1.2", "1.2.3", "1.2.3." + std::to_string(i));
    const auto transaction = direct.begin("1.2");
    transaction->upsert(instance.record());
    transaction->commit();
  }
  const auto across = testing::through_boundary<Index>(direct);
  Index& index = state.range(0) == 0 ? static_cast<Index&>(direct) : *across;
  for (auto _ : state) {
    const auto cursor = index.instances({});
    InstanceRecord record;
    while (cursor->next(record)) ::benchmark::DoNotOptimize(record.header.size());
  }
  state.SetItemsProcessed(state.iterations() * 100);
  state.SetLabel(state.range(0) == 0 ? "direct" : "across plugins");
}
BENCHMARK(walk_instances)->Arg(0)->Arg(1);

}  // namespace
}  // namespace fermata::benchmark
