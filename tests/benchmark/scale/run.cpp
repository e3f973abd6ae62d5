// Grows an index through the product's own way in (the archive's store operations: scan, canonical header, checksum,
// duplicate check, transaction) and prints a line of JSON for every window of instances: how fast, how long each took,
// what RocksDB was merging meanwhile; and at the end how long questions take and how much room the index needs. A
// second run on the same folder goes on where the first one ended.
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <map>
#include <thread>

#include "archive_service.hpp"
#include "data-set/data_dictionary.hpp"
#include "forgetful_blob_store.hpp"
#include "growth.hpp"
#include "options.hpp"
#include "questions.hpp"
#include "rocks_index.hpp"
#include "rocks_state_store.hpp"

namespace fermata::benchmark {
namespace {

using index_rocksdb::Database;
using index_rocksdb::Family;

constexpr std::array<std::pair<Family, const char*>, 7> kFamilies{{{Family::records, "records"},
                                                                   {Family::uids, "uids"},
                                                                   {Family::patients, "patients"},
                                                                   {Family::keys, "keys"},
                                                                   {Family::headers, "headers"},
                                                                   {Family::changes, "changes"},
                                                                   {Family::state, "state"}}};

unsigned long long printable(uint64_t n) { return n; }

void apply(Database& database, const std::string& name, const std::string& value) {
  const auto dot = name.find('.');
  if (dot == name.npos) return index_rocksdb::check(database.db().SetDBOptions({{name, value}}), "setting " + name);
  for (const auto& [family, called] : kFamilies)
    if (name.substr(0, dot) == called || name.substr(0, dot) == "all")
      index_rocksdb::check(database.db().SetOptions(database[family], {{name.substr(dot + 1), value}}),
                           "setting " + name);
}

uint64_t property(const Database& database, const char* name) {
  uint64_t sum = 0;
  for (const auto& [family, _] : kFamilies) {
    uint64_t value = 0;
    if (database.db().GetIntProperty(database[family], name, &value)) sum += value;
  }
  return sum;
}

/// What RocksDB counts for the whole database, whichever family is asked.
uint64_t of_database(const Database& database, const char* name) {
  uint64_t value = 0;
  database.db().GetIntProperty(database[Family::records], name, &value);
  return value;
}

/// A number behind a name in a file of /proc/self.
uint64_t of_process(const char* file, std::string_view name) {
  std::ifstream stream(std::string("/proc/self/") + file);
  for (std::string word; stream >> word;)
    if (word == name) {
      uint64_t value = 0;
      stream >> value;
      return value;
    }
  return 0;
}

uint64_t resident_kib() { return of_process("status", "VmRSS:"); }

double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

void print_window(const Database& database, uint64_t instances, Growth::Window& window, double processor) {
  std::printf(
      "{\"kind\": \"window\", \"instances\": %llu, \"per_second\": %.1f, %s, \"cpu_ms\": %.4f, \"compactions\": %llu, "
      "\"flushes\": %llu, "
      "\"pending_compaction_bytes\": %llu, \"delayed_write_rate\": %llu, \"rss_kib\": %llu}\n",
      printable(instances), static_cast<double>(window.took.count()) / window.seconds, window.took.json().c_str(),
      1000 * processor / static_cast<double>(window.took.count()),
      printable(of_database(database, "rocksdb.num-running-compactions")),
      printable(of_database(database, "rocksdb.num-running-flushes")),
      printable(property(database, "rocksdb.estimate-pending-compaction-bytes")),
      printable(of_database(database, "rocksdb.actual-delayed-write-rate")), printable(resident_kib()));
  std::fflush(stdout);
}

/// Processor time of merging and bytes that it wrote, of each family in this run.
void print_merging(const Database& database) {
  std::printf("{\"kind\": \"merging\"");
  for (const auto& [family, name] : kFamilies) {
    std::map<std::string, std::string> found;
    database.db().GetMapProperty(database[family], rocksdb::DB::Properties::kCFStats, &found);
    std::printf(", \"%s\": {\"processor_seconds\": %.1f, \"written_gb\": %.2f}", name,
                std::atof(found["compaction.Sum.CompMergeCPU"].c_str()),
                std::atof(found["compaction.Sum.WriteGB"].c_str()));
  }
  std::printf("}\n");
}

void print_sizes(const Database& database, const char* state, uint64_t instances) {
  std::printf("{\"kind\": \"sizes\", \"state\": \"%s\", \"instances\": %llu", state, printable(instances));
  for (const auto& [family, name] : kFamilies) {
    uint64_t bytes = 0;
    database.db().GetIntProperty(database[family], "rocksdb.live-sst-files-size", &bytes);
    std::printf(", \"%s\": %llu", name, printable(bytes));
  }
  // Of this run alone: what the settings of RocksDB cost, whatever else the machine does.
  std::printf(", \"processor_seconds\": %.2f, \"written_bytes\": %llu}\n", processor_seconds(),
              printable(of_process("io", "write_bytes:")));
  std::fflush(stdout);
}

void print_answers(Archive& archive, const char* state, uint64_t instances, const ScaleOptions& options) {
  const auto answers = answers_json(archive, instances / options.per_study, options.repeat);
  std::printf(
      "{\"kind\": \"answers\", \"state\": \"%s\", \"instances\": %llu, \"studies\": %llu, \"rss_kib\": %llu, %s}\n",
      state, printable(instances), printable(instances / options.per_study), printable(resident_kib()),
      answers.c_str());
  std::fflush(stdout);
}

/// Waits until nothing is left to merge.
void settle(const Database& database) {
  for (const auto& [family, _] : kFamilies) index_rocksdb::check(database.db().Flush({}, database[family]), "flushing");
  while (property(database, "rocksdb.compaction-pending") + of_database(database, "rocksdb.num-running-compactions") +
             of_database(database, "rocksdb.num-running-flushes") !=
         0)
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
}

int run(const ScaleOptions& options) {
  if (!archive::DataDictionary::loaded()) throw std::runtime_error("DCMTK finds no data dictionary: set DCMDICTPATH");
  Database database({options.folder, options.cache_mib << 20, options.background_threads});
  for (const auto& [name, value] : options.settings) apply(database, name, value);
  index_rocksdb::RocksIndex index(database);
  index_rocksdb::RocksStateStore state(database);
  ForgetfulBlobStore blobs;
  archive::ArchiveService service(blobs, index, state, {}, {}, {});
  service.serve();

  Growth growth(service, options.per_study, options.threads);
  uint64_t studies = index.statistics().studies;
  for (const uint64_t wanted = options.instances / options.per_study; studies < wanted;) {
    const uint64_t to = std::min(wanted, studies + std::max<uint64_t>(1, options.window / options.per_study));
    const double before = processor_seconds();
    auto window = growth.store(studies, to);
    studies = to;
    print_window(database, studies * options.per_study, window, processor_seconds() - before);
  }
  if (options.repeat > 0) print_answers(service, "as it grew", studies * options.per_study, options);
  settle(database);
  print_merging(database);
  print_sizes(database, "merged", studies * options.per_study);
  if (options.repeat > 0) print_answers(service, "merged", studies * options.per_study, options);
  service.drain(std::chrono::seconds(5));
  return 0;
}

}  // namespace
}  // namespace fermata::benchmark

int main(int count, char** arguments) {
  try {
    return fermata::benchmark::run(fermata::benchmark::scale_options(count, arguments));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
