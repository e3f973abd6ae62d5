// Fills an index with synthetic instances and prints, at each size, how fast they went in, how long queries take, and
// how much room they need.
//
//   index-benchmark FOLDER [INSTANCES=100000] [INSTANCES_PER_STUDY=100] [THREADS=1]
#include <time.h>
#include <algorithm>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "fermata/dicom/data_set_writer.hpp"
#include "rocks_index.hpp"

namespace fermata::index_rocksdb {
namespace {

using dicom::DataSetWriter;
using dicom::Tag;
using dicom::Vr;
using Clock = std::chrono::steady_clock;

double microseconds(Clock::duration d) { return std::chrono::duration<double, std::micro>(d).count(); }

/// What can be told of a study from its number.
struct Study {
  explicit Study(uint64_t n) : number(n) {
    std::mt19937_64 random(n * 7919 + 1);
    const auto part = [&] {
      static constexpr const char* kSyllables[]{"ba",   "ker", "li",  "mo",  "na",  "ro",
                                                "schu", "ta",  "vin", "wei", "son", "del"};
      std::string s;
      for (int i = 0; i < 3; ++i) s += kSyllables[random() % std::size(kSyllables)];
      return s;
    };
    name = part() + std::to_string(n % 9973) + "^" + part();
    uid = "1.3.12.2.1107.5.1.4.54693.300000" + std::to_string(10'000'000'000 + n);
    patient_id = std::string(1, 'P').append(std::to_string(n / 2));
    accession = std::string(1, 'A').append(std::to_string(1'000'000 + n));
    const uint64_t day = n * 2654435761u % 3650;
    char text[9];
    std::snprintf(text, sizeof text, "%04u%02u%02u", static_cast<unsigned>(2014 + day / 365),
                  static_cast<unsigned>(1 + day % 365 / 31), static_cast<unsigned>(1 + day % 28));
    date = text;
    modality = n % 3 == 0 ? "MR" : "CT";
  }
  uint64_t number;
  std::string name, uid, patient_id, accession, date, modality;
};

/// A header as of a CT image: some hundred elements, of which a dozen differ from image to image.
std::vector<std::byte> header(const Study& study, const std::string& series, const std::string& instance, uint64_t n) {
  DataSetWriter w;
  const auto add = [&](uint16_t group, uint16_t element, const char(&vr)[3], std::string_view value) {
    w.add(Tag(group, element), Vr(vr), value);
  };
  const std::string z = std::to_string(-312.5 + 0.625 * double(n));
  add(0x0008, 0x0008, "CS", "ORIGINAL\\PRIMARY\\AXIAL\\CT_SOM5 SPI");
  add(0x0008, 0x0012, "DA", study.date);
  add(0x0008, 0x0013, "TM", "101112.218000");
  add(0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.2");
  add(0x0008, 0x0018, "UI", instance);
  add(0x0008, 0x0020, "DA", study.date);
  add(0x0008, 0x0021, "DA", study.date);
  add(0x0008, 0x0022, "DA", study.date);
  add(0x0008, 0x0030, "TM", "101010.640000");
  add(0x0008, 0x0031, "TM", "101111.109000");
  add(0x0008, 0x0032, "TM", "1011" + std::to_string(10 + n % 50) + "." + std::to_string(100000 + n * 7717 % 899999));
  add(0x0008, 0x0050, "SH", study.accession);
  add(0x0008, 0x0060, "CS", study.modality);
  add(0x0008, 0x0070, "LO", "SIEMENS");
  add(0x0008, 0x0080, "LO", "Klinikum " + std::to_string(study.number % 5));
  add(0x0008, 0x0090, "PN", "Ref" + std::to_string(study.number % 300) + "^Erring");
  add(0x0008, 0x1010, "SH", "CT54693");
  add(0x0008, 0x1030, "LO", "Thorax^T_Routine" + std::to_string(study.number % 40));
  add(0x0008, 0x103e, "LO", "Thorax 1.0 B70f");
  add(0x0008, 0x1090, "LO", "Sensation 64");
  add(0x0010, 0x0010, "PN", study.name);
  add(0x0010, 0x0020, "LO", study.patient_id);
  add(0x0010, 0x0030, "DA", "19" + std::to_string(30 + study.number / 2 % 60) + "0517");
  add(0x0010, 0x0040, "CS", study.number % 4 < 2 ? "F" : "M");
  add(0x0010, 0x1010, "AS", "054Y");
  add(0x0018, 0x0015, "CS", "CHEST");
  for (uint16_t i = 0; i < 30; ++i)
    w.add(Tag(0x0018, static_cast<uint16_t>(0x1100 + i)), Vr("DS"), std::to_string(100 + i * 37) + ".125");
  add(0x0020, 0x000d, "UI", study.uid);
  add(0x0020, 0x000e, "UI", series);
  add(0x0020, 0x0010, "SH", "1");
  add(0x0020, 0x0011, "IS", "2");
  add(0x0020, 0x0012, "IS", "3");
  add(0x0020, 0x0013, "IS", std::to_string(n + 1));
  add(0x0020, 0x0032, "DS", "-171.66992187500\\-348.66992187500\\" + z);
  add(0x0020, 0x0037, "DS", "1\\0\\0\\0\\1\\0");
  add(0x0020, 0x0052, "UI", study.uid + ".52");
  add(0x0020, 0x1041, "DS", z);
  w.add_u16(Tag(0x0028, 0x0002), 1);
  add(0x0028, 0x0004, "CS", "MONOCHROME2");
  w.add_u16(Tag(0x0028, 0x0010), 512);
  w.add_u16(Tag(0x0028, 0x0011), 512);
  for (uint16_t i = 0; i < 40; ++i)
    w.add(Tag(0x0029, static_cast<uint16_t>(0x1010 + i)), Vr("LO"), "PRIVATE VALUE " + std::to_string(i * 7919));
  return w.take();
}

void store(Index& index, const Study& study, uint64_t n, std::vector<double>& took) {
  const std::string series = study.uid + "." + std::to_string(1 + n / 50);
  const std::string instance = series + "." + std::to_string(100000 + n * 31);
  const auto bytes = header(study, series, instance, n);
  const std::string key = study.date + "/0a/1f/" + instance + ".dcm";
  const BulkValue pixels{0x7fe00010u, {'O', 'W'}, 0, 2900, 524288};
  InstanceRecord r;
  r.study_instance_uid = study.uid;
  r.series_instance_uid = series;
  r.sop_instance_uid = instance;
  r.sop_class_uid = "1.2.840.10008.5.1.4.1.1.2";
  r.transfer_syntax_uid = "1.2.840.10008.1.2.1";
  r.header = bytes;
  r.blob_key = key;
  r.blob_length = 527'000;
  r.data_set_offset = 340;
  for (std::size_t i = 0; i < r.checksum.size(); ++i) r.checksum[i] = static_cast<uint8_t>(std::rand());
  r.received_us = 1'700'000'000'000'000 + static_cast<int64_t>(study.number * 1000 + n);
  r.source_ae_title = "CT54693";
  r.bulk = {&pixels, 1};
  const auto begin = Clock::now();
  const auto transaction = index.begin(study.uid);
  transaction->upsert(r);
  transaction->commit();
  took.push_back(microseconds(Clock::now() - begin));
}

double cpu_seconds() {
  timespec t{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return double(t.tv_sec) + double(t.tv_nsec) / 1e9;
}

double percentile(std::vector<double>& values, double p) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(p * double(values.size() - 1))];
}

struct Keys {
  std::vector<std::pair<Tag, std::string>> matching;
};

struct Benchmarked {
  const char* name;
  Level level;
  std::function<Keys(const Study&)> keys;
  Query::Order order = Query::Order::any;
  uint64_t limit = 100;
  double offset = 0;  ///< as a part of all studies
  int repeat = 400;
};

std::vector<std::byte> identifier(const Keys& keys) {
  std::vector<std::pair<Tag, std::pair<const char*, std::string>>> elements{
      {dicom::kStudyDate, {"DA", ""}},        {dicom::kStudyTime, {"TM", ""}},
      {dicom::kAccessionNumber, {"SH", ""}},  {dicom::kModalitiesInStudy, {"CS", ""}},
      {Tag(0x0008, 0x1030), {"LO", ""}},      {dicom::kPatientName, {"PN", ""}},
      {dicom::kPatientId, {"LO", ""}},        {dicom::kPatientBirthDate, {"DA", ""}},
      {dicom::kStudyInstanceUid, {"UI", ""}}, {dicom::kNumberOfStudyRelatedInstances, {"IS", ""}},
  };
  for (const auto& [tag, value] : keys.matching)
    for (auto& element : elements)
      if (element.first == tag) element.second.second = value;
  DataSetWriter w;
  for (const auto& [tag, value] : elements) w.add(tag, Vr(value.first[0], value.first[1]), value.second);
  return w.take();
}

void query(Index& index, uint64_t studies) {
  using K = Keys;
  const std::vector<Benchmarked> list{
      {"Study Instance UID", Level::study,
       [](const Study& s) {
         return K{{{dicom::kStudyInstanceUid, s.uid}}};
       }},
      {"Patient ID", Level::study,
       [](const Study& s) {
         return K{{{dicom::kPatientId, s.patient_id}}};
       }},
      {"Accession Number", Level::study,
       [](const Study& s) {
         return K{{{dicom::kAccessionNumber, s.accession}}};
       }},
      {"name, whole", Level::study,
       [](const Study& s) {
         return K{{{dicom::kPatientName, s.name}}};
       }},
      {"name, prefix*", Level::study,
       [](const Study& s) {
         return K{{{dicom::kPatientName, s.name.substr(0, s.name.find('^')) + "*"}}};
       }},
      {"date, one day, 100 answers", Level::study,
       [](const Study& s) {
         return K{{{dicom::kStudyDate, s.date}}};
       }},
      {"name prefix and date range", Level::study,
       [](const Study& s) {
         return K{{{dicom::kPatientName, s.name.substr(0, 8) + "*"}, {dicom::kStudyDate, s.date + "-" + s.date}}};
       }},
      {"patient level, Patient ID", Level::patient,
       [](const Study& s) {
         return K{{{dicom::kPatientId, s.patient_id}}};
       }},
      {"image level by study", Level::image,
       [](const Study& s) {
         return K{{{dicom::kStudyInstanceUid, s.uid}}};
       }},
      {"*name, 100 answers", Level::study,
       [](const Study& s) {
         return K{{{dicom::kPatientName, std::string(1, '*').append(s.name.substr(3, s.name.find('^') + 1))}}};
       },
       Query::Order::any, 100, 0, 5},
      {"newest 50", Level::study, [](const Study&) { return K{}; }, Query::Order::newest_first, 50, 0, 100},
      {"newest 50, word within names", Level::study,
       [](const Study& s) {
         return K{{{dicom::kPatientName, std::string(1, '*').append(s.name.substr(1, 5)).append("*")}}};
       },
       Query::Order::newest_first, 50, 0, 20},
      {"50 in the middle, newest first", Level::study, [](const Study&) { return K{}; }, Query::Order::newest_first, 50,
       0.5, 5},
      {"newest 50 CT", Level::study,
       [](const Study&) {
         return K{{{dicom::kModalitiesInStudy, "CT"}}};
       },
       Query::Order::newest_first, 50, 0, 20},
  };
  std::mt19937_64 random(4711);
  for (const auto& q : list) {
    std::vector<double> took;
    std::size_t answers = 0;
    for (int i = 0; i < q.repeat; ++i) {
      const auto bytes = identifier(q.keys(Study(random() % studies)));
      Query query;
      query.level = q.level;
      query.identifier = bytes;
      query.order = q.order;
      query.limit = q.limit;
      query.offset = static_cast<uint64_t>(q.offset * double(studies));
      const auto begin = Clock::now();
      const auto cursor = index.find(query);
      std::span<const std::byte> answer;
      while (cursor->next(answer)) ++answers;
      took.push_back(microseconds(Clock::now() - begin));
    }
    std::printf("  %-32s p50 %9.1f us  p99 %9.1f us  %6.1f answers\n", q.name, percentile(took, 0.5),
                percentile(took, 0.99), double(answers) / q.repeat);
  }
}

void print_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS") || line.starts_with("VmHWM")) std::printf("  %s\n", line.c_str());
}

void print_sizes(const Database& database, uint64_t instances) {
  static constexpr std::pair<Family, const char*> kNamed[]{
      {Family::records, "records"}, {Family::uids, "uids"},       {Family::patients, "patients"},
      {Family::keys, "keys"},       {Family::headers, "headers"}, {Family::changes, "changes"}};
  double beside = 0;
  std::printf("  bytes an instance:");
  for (const auto& [family, name] : kNamed) {
    uint64_t bytes = 0;
    database.db().GetIntProperty(database[family], "rocksdb.live-sst-files-size", &bytes);
    const double each = double(bytes) / double(instances);
    if (family != Family::headers) beside += each;
    std::printf(" %s %.1f", name, each);
  }
  std::printf("; beside headers %.1f\n", beside);
}

int run(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: index-benchmark FOLDER [INSTANCES] [INSTANCES_PER_STUDY] [THREADS]\n");
    return 2;
  }
  const uint64_t instances = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 100'000;
  const uint64_t per_study = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 100;
  const unsigned threads = argc > 4 ? static_cast<unsigned>(std::atoi(argv[4])) : 1;
  Database database({argv[1]});
  RocksIndex index(database);
  uint64_t stored = index.statistics().instances;
  for (uint64_t size = 10'000; stored < instances; size *= 10) {
    const uint64_t target = std::min(size, instances);
    if (target <= stored) continue;
    std::atomic<uint64_t> next_study{stored / per_study};
    std::vector<std::vector<double>> took(threads);
    std::vector<std::thread> workers;
    const double cpu_before = cpu_seconds();
    const auto begin = Clock::now();
    for (unsigned t = 0; t < threads; ++t)
      workers.emplace_back([&, t] {
        for (uint64_t s; (s = next_study++) < target / per_study;)
          for (uint64_t n = 0; n < per_study; ++n) store(index, Study(s), n, took[t]);
      });
    for (auto& worker : workers) worker.join();
    const double seconds = microseconds(Clock::now() - begin) / 1e6;
    const double cpu = cpu_seconds() - cpu_before;
    std::vector<double> all;
    for (const auto& one : took) all.insert(all.end(), one.begin(), one.end());
    std::printf(
        "%llu instances, %llu studies: %.0f/s with %u threads, upsert and commit p50 %.1f us, p99 %.1f us; %.1f us of "
        "processor each, "
        "with making them and all in the background\n",
        static_cast<unsigned long long>(target), static_cast<unsigned long long>(target / per_study),
        double(target - stored) / seconds, threads, percentile(all, 0.5), percentile(all, 0.99),
        cpu * 1e6 / double(target - stored));
    stored = target;
    query(index, stored / per_study);
    print_memory();
    std::fflush(stdout);
  }
  for (std::size_t family = 0; family < kFamilies; ++family)
    database.db().CompactRange({}, database[static_cast<Family>(family)], nullptr, nullptr);
  std::printf("everything compacted\n");
  print_sizes(database, stored);
  query(index, stored / per_study);
  print_memory();
  return 0;
}

}  // namespace
}  // namespace fermata::index_rocksdb

int main(int argc, char** argv) { return fermata::index_rocksdb::run(argc, argv); }
