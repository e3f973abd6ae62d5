// The index: a new instance, and the searches that people make, on a thousand studies.
#include <benchmark/benchmark.h>

#include <random>

#include "fermata/index.hpp"
#include "fermata/testing/temporary_folder.hpp"
#include "rocks_index.hpp"
#include "study.hpp"
#include "study_query.hpp"

namespace fermata::benchmark {
namespace {

using index_rocksdb::Database;
using index_rocksdb::RocksIndex;

void store(Index& index, const Study& study, uint64_t image) {
  const auto series = study.series_uid();
  const auto instance = study.instance_uid(image);
  const auto bytes = header(study, image, {});
  const auto key = study.date + "/0a/1f/" + instance + ".dcm";
  const BulkValue pixels{0x7fe00010u, {'O', 'W'}, 0, 2900, 524288};
  InstanceRecord record;
  record.study_instance_uid = study.uid;
  record.series_instance_uid = series;
  record.sop_instance_uid = instance;
  record.sop_class_uid = kCtImageStorage;
  record.transfer_syntax_uid = kExplicitLittleEndian;
  record.header = bytes;
  record.blob_key = key;
  record.blob_length = 527'000;
  record.data_set_offset = 340;
  record.source_ae_title = "MICRO";
  record.bulk = {&pixels, 1};
  const auto transaction = index.begin(study.uid);
  transaction->upsert(record);
  transaction->commit();
}

void upsert_instance(::benchmark::State& state) {
  testing::TemporaryFolder folder;
  Database database({folder.path()});
  RocksIndex index(database);
  constexpr uint64_t kImages = 100;
  uint64_t n = 0;
  for (auto _ : state) {
    store(index, Study(n / kImages), n % kImages);
    ++n;
  }
}
BENCHMARK(upsert_instance);

/// An index with a thousand studies, made once for all searches.
Index& filled_index() {
  static testing::TemporaryFolder folder;
  static Database database({folder.path()});
  static RocksIndex index(database);
  if (index.statistics().studies == 0)
    for (uint64_t study = 0; study < 1000; ++study) store(index, Study(study), 0);
  return index;
}

void find_study(::benchmark::State& state) {
  auto& index = filled_index();
  const auto& kind = study_queries()[static_cast<std::size_t>(state.range(0))];
  std::mt19937_64 random(7);
  for (auto _ : state) {
    const auto bytes = identifier(kind, kind.value(Study(random() % 1000)), false);
    Query query;
    query.identifier = bytes;
    const auto cursor = index.find(query);
    std::span<const std::byte> answer;
    while (cursor->next(answer)) ::benchmark::DoNotOptimize(answer.size());
  }
  state.SetLabel(kind.name);
}
BENCHMARK(find_study)->DenseRange(0, 5);

}  // namespace
}  // namespace fermata::benchmark
