#include <catch2/catch.hpp>

#include <thread>

#include "archive_fixture.hpp"
#include "fermata/dicom/data_set_view.hpp"
#include "fermata/testing/threads_and_errors.hpp"
#include "fermata/testing/through_boundary.hpp"
#include "integrity/verify.hpp"
#include "recovery/reindex.hpp"

using namespace fermata;
using namespace fermata::archive;
using namespace fermata::archive::testing;
using fermata::testing::code_of;
using Kind = StoreOutcome::Kind;

namespace {

constexpr int64_t kSomeTime = 2'000'000'000'000'000;  // 2033

Object object(std::string study, std::string instance, std::string name = "A") {
  Object o;
  o.study = study;
  o.series = study + ".1";
  o.sop_instance = std::move(instance);
  o.patient_name = std::move(name);
  return o;
}

struct Line {
  std::string study, user, patient;
  int64_t purge_us;
  uint64_t instances, bytes;
};

struct Bin : Fixture {
  explicit Bin(Settings given = {}) : Fixture(given) {}
  TrashBin& trash() { return service->trash(); }

  Kind put(const Object& o) { return store(*service, o.encode(), kExplicitLittle).kind; }
  uint64_t discard(std::string_view study, int64_t purge_us = kSomeTime) {
    return trash().discard(study, "ann", purge_us);
  }
  std::vector<Line> lines() {
    std::vector<Line> all;
    const auto cursor = trash().list();
    DiscardedStudy s;
    while (cursor->next(s))
      all.push_back({std::string(s.study_instance_uid), std::string(s.user),
                     std::string(dicom::DataSetView(s.identifier).text(dicom::kPatientName)), s.purge_us, s.instances,
                     s.bytes});
    return all;
  }
  uint64_t documents() {
    uint64_t count = 0;
    for (const auto* collection : {"archive.trash", "archive.trash.instances", "archive.deletions"}) {
      Document document;
      for (const auto cursor = state.list(collection, {}); cursor->next(document);) ++count;
    }
    return count;
  }
  std::vector<std::string> problems() {
    std::vector<std::string> found;
    Verification(blobs, index, state, {})
        .run([&](std::string_view, std::string_view what) { found.emplace_back(what); }, [](const VerifyReport&) {});
    return found;
  }
  uint64_t indexed() { return index.statistics().instances; }
};

}  // namespace

TEST_CASE("a discarded study is in no query and in the trash, and comes back as it was") {
  Bin archive;
  archive.put(object("1.1", "1.1.1.1", "Doe^Jane"));
  archive.put(object("1.1", "1.1.1.2", "Doe^Jane"));
  archive.put(object("1.2", "1.2.1.1"));
  const auto before = archive.find("1.1.1.2").value();
  const auto bytes = archive.read("1.1.1.2");

  CHECK(archive.discard("1.1") == 2);
  CHECK_FALSE(archive.find("1.1.1.1"));
  CHECK(archive.indexed() == 1);
  CHECK(archive.keys().size() == 3);
  CHECK(archive.problems().empty());
  const auto lines = archive.lines();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].study == "1.1");
  CHECK(lines[0].user == "ann");
  CHECK(lines[0].patient == "Doe^Jane");
  CHECK(lines[0].purge_us == kSomeTime);
  CHECK(lines[0].instances == 2);
  CHECK(lines[0].bytes == 2 * before.blob_length);

  CHECK(archive.trash().restore("1.1") == 2);
  const auto after = archive.find("1.1.1.2").value();
  CHECK(after.blob_key == before.blob_key);
  CHECK(after.header == before.header);
  CHECK(after.checksum == before.checksum);
  CHECK(after.received_us == before.received_us);
  CHECK(after.source_ae_title == before.source_ae_title);
  CHECK(archive.read("1.1.1.2") == bytes);
  CHECK(archive.lines().empty());
  CHECK(archive.documents() == 0);
  CHECK(archive.problems().empty());
}

TEST_CASE("the trash says what it does not have") {
  Bin archive;
  archive.put(object("1.1", "1.1.1.1"));
  CHECK(code_of([&] { archive.discard("1.9"); }) == Code::not_found);
  CHECK(code_of([&] { archive.discard(""); }) == Code::invalid);
  CHECK(code_of([&] { archive.trash().restore("1.1"); }) == Code::not_found);
  CHECK(code_of([&] { archive.trash().purge("1.1"); }) == Code::not_found);
  archive.discard("1.1");
  CHECK(code_of([&] { archive.discard("1.1"); }) == Code::not_found);
}

TEST_CASE("the latest discarded study is listed first") {
  Bin archive;
  for (const auto* study : {"1.2", "1.1", "1.3"}) {
    archive.put(object(study, std::string(study) + ".1.1"));
    archive.discard(study);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  const auto lines = archive.lines();
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].study == "1.3");
  CHECK(lines[1].study == "1.1");
  CHECK(lines[2].study == "1.2");
}

TEST_CASE("a purged study is gone for good, and only that") {
  Bin archive;
  for (int i = 1; i <= 150; ++i) archive.put(object("1.1", "1.1.1." + std::to_string(i)));
  archive.put(object("1.2", "1.2.1.1"));
  archive.put(object("1.3", "1.3.1.1"));
  archive.discard("1.1");
  archive.discard("1.2");
  CHECK(archive.trash().purge("1.1") == 150);
  CHECK(archive.keys().size() == 2);
  CHECK(archive.lines().size() == 1);
  CHECK(code_of([&] { archive.trash().restore("1.1"); }) == Code::not_found);
  CHECK(archive.trash().restore("1.2") == 1);
  CHECK(archive.documents() == 0);
  CHECK(archive.problems().empty());
}

TEST_CASE("a study is purged when its time has come") {
  Bin archive;
  archive.put(object("1.1", "1.1.1.1"));
  archive.put(object("1.2", "1.2.1.1"));
  archive.discard("1.1", 1000);
  archive.discard("1.2", 2000);
  archive.trash().tend(999);
  CHECK(archive.lines().size() == 2);
  archive.trash().tend(1000);
  CHECK(archive.lines().size() == 1);
  CHECK(archive.keys().size() == 1);
  archive.trash().tend(2000);
  CHECK(archive.keys().empty());
  CHECK(archive.documents() == 0);
}

TEST_CASE("what is due is done by the trash's own thread") {
  Bin archive;
  archive.put(object("1.1", "1.1.1.1"));
  archive.discard("1.1", 1000);
  archive.trash().start();
  for (int i = 0; i < 500 && !archive.keys().empty(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  archive.trash().stop();
  CHECK(archive.keys().empty());
}

TEST_CASE("neither a start, nor a lost index, nor a reindex brings trashed instances back") {
  Bin archive;
  archive.put(object("1.1", "1.1.1.1"));
  archive.put(object("1.2", "1.2.1.1"));
  archive.discard("1.1");
  SECTION("a start") { archive.restart(); }
  SECTION("a start after a lost index") {
    archive.service.reset();
    archive.index.clear();
    archive.start();
  }
  SECTION("a reindex") {
    archive.service.reset();
    ReindexCommand reindex({});
    reindex.work_with(archive.blobs, archive.index, archive.state, archive.settings, Journal{});
    CHECK(reindex.run({}) == 0);
    CHECK(archive.indexed() == 1);
    archive.start();
  }
  CHECK(archive.indexed() == 1);
  CHECK(archive.problems().empty());
  REQUIRE(archive.lines().size() == 1);
  CHECK(archive.trash().restore("1.1") == 1);
  CHECK(archive.indexed() == 2);
}

TEST_CASE("an archive with everything in the trash has not lost its index") {
  Bin archive;
  archive.put(object("1.1", "1.1.1.1"));
  archive.discard("1.1");
  archive.restart();
  std::vector<std::string> log;
  Journal journal;
  journal.log = [&](LogLevel, std::string_view text, std::initializer_list<Field>) { log.emplace_back(text); };
  archive.service.reset();
  Recovery(archive.blobs, archive.index, archive.state, archive.settings, journal).run({});
  CHECK(log.empty());
}

TEST_CASE("verify misses a blob that the trash has") {
  Bin archive;
  archive.put(object("1.1", "1.1.1.1"));
  archive.put(object("1.1", "1.1.1.2"));
  const auto key = archive.find("1.1.1.2")->blob_key;
  archive.discard("1.1");
  archive.blobs.remove(key);
  CHECK(archive.problems() == std::vector<std::string>{"it is missing, and can't be restored from the trash"});
  CHECK(archive.trash().restore("1.1") == 1);
  CHECK(archive.problems().empty());
}

TEST_CASE("an instance that comes again while its study is in the trash is new, and stays at the restore") {
  Settings settings;
  settings.duplicates = GENERATE(DuplicatePolicy::keep_first, DuplicatePolicy::replace, DuplicatePolicy::reject);
  Bin archive(settings);
  archive.put(object("1.1", "1.1.1.1", "A"));
  archive.put(object("1.1", "1.1.1.2", "B"));
  archive.put(object("1.1", "1.1.1.3", "C"));
  archive.discard("1.1");
  CHECK(archive.put(object("1.1", "1.1.1.1", "A")) == Kind::stored);
  CHECK(archive.put(object("1.1", "1.1.1.2", "B anew")) == Kind::stored);
  CHECK(archive.keys().size() == 5);
  const auto again = archive.find("1.1.1.1")->blob_key;
  CHECK(archive.problems().empty());
  archive.restart();
  CHECK(archive.indexed() == 2);

  CHECK(archive.trash().restore("1.1") == 1);
  CHECK(archive.indexed() == 3);
  CHECK(archive.keys().size() == 3);
  CHECK(archive.find("1.1.1.1")->blob_key == again);
  CHECK(archive.read("1.1.1.2") == object("1.1", "1.1.1.2", "B anew").encode());
  CHECK(archive.read("1.1.1.3") == object("1.1", "1.1.1.3", "C").encode());
  CHECK(archive.problems().empty());
  CHECK(archive.documents() == 0);
}

TEST_CASE("an instance that came again under another study stays there") {
  Bin archive;
  archive.put(object("1.1", "1.1.1.1"));
  archive.put(object("1.1", "1.1.1.2"));
  archive.discard("1.1");
  CHECK(archive.put(object("1.2", "1.1.1.1")) == Kind::stored);
  CHECK(archive.trash().restore("1.1") == 1);
  CHECK(archive.find("1.1.1.1")->identity.study == "1.2");
  CHECK(archive.problems().empty());
}

TEST_CASE("a study that is discarded again is in the trash once, and both parts come back") {
  Bin archive;
  archive.put(object("1.1", "1.1.1.1", "first"));
  archive.put(object("1.1", "1.1.1.2", "first"));
  archive.discard("1.1", 2000);
  archive.put(object("1.1", "1.1.1.2", "second"));
  archive.put(object("1.1", "1.1.1.3", "second"));
  CHECK(archive.trash().discard("1.1", "bob", 1000) == 2);
  const auto lines = archive.lines();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].user == "bob");
  CHECK(lines[0].patient == "second");
  CHECK(lines[0].purge_us == 2000);
  CHECK(lines[0].instances == 4);
  CHECK(archive.problems().empty());
  SECTION("restored: what was discarded last wins") {
    CHECK(archive.trash().restore("1.1") == 3);
    CHECK(archive.read("1.1.1.1") == object("1.1", "1.1.1.1", "first").encode());
    CHECK(archive.read("1.1.1.2") == object("1.1", "1.1.1.2", "second").encode());
    CHECK(archive.keys().size() == 3);
  }
  SECTION("purged") {
    CHECK(archive.trash().purge("1.1") == 4);
    CHECK(archive.keys().empty());
  }
  CHECK(archive.problems().empty());
  CHECK(archive.documents() == 0);
}

TEST_CASE("an object on its way while its study is discarded is not part of it") {
  Bin archive;
  archive.put(object("1.1", "1.1.1.1"));
  const auto data = object("1.1", "1.1.1.2").encode();
  StoreRequest request;
  request.transfer_syntax_uid = kExplicitLittle;
  const auto slow = archive.service->store(request);
  slow->append(data);
  CHECK(archive.discard("1.1") == 1);
  CHECK(slow->finish().kind == Kind::stored);
  CHECK(archive.find("1.1.1.2"));
  CHECK_FALSE(archive.find("1.1.1.1"));
  CHECK(archive.trash().restore("1.1") == 1);
  CHECK(archive.indexed() == 2);
}

TEST_CASE("what is removed for good is not in the trash, and the trash is not removed") {
  Bin archive;
  archive.put(object("1.1", "1.1.1.1"));
  archive.discard("1.1");
  archive.put(object("1.1", "1.1.1.2"));
  const std::string_view study = "1.1";
  Selection selection;
  selection.study_instance_uids = std::span(&study, 1);
  CHECK(archive.service->remove(selection) == 1);
  CHECK(archive.keys().size() == 1);
  CHECK(archive.trash().restore("1.1") == 1);
  CHECK(archive.problems().empty());
}

TEST_CASE("a damaged blob does not keep the others in the trash") {
  Bin archive;
  archive.put(object("1.1", "1.1.1.1"));
  archive.put(object("1.1", "1.1.1.2"));
  const auto key = archive.find("1.1.1.1")->blob_key;
  archive.discard("1.1");
  archive.blobs.remove(key);
  const auto writer = archive.blobs.create(key);
  writer->append(std::vector<std::byte>(1000));
  writer->commit();
  CHECK(archive.trash().restore("1.1") == 1);
  CHECK(archive.find("1.1.1.2"));
  CHECK(archive.keys().size() == 2);
}

TEST_CASE("a document of an unknown format stops the archive, and nothing is touched") {
  Bin archive;
  archive.put(object("1.1", "1.1.1.1"));
  archive.discard("1.1");
  const std::string_view later = "2\nsomething else";
  archive.state.put("archive.trash", "1.1", std::as_bytes(std::span(later)), StateStore::kAny);
  archive.service.reset();
  CHECK(code_of([&] { archive.start(); }) == Code::corrupt);
  CHECK(archive.keys().size() == 1);
}

TEST_CASE("a study takes as many documents as it needs") {
  fermata::testing::MemoryStateStore state;
  TrashRecords records(state);
  std::vector<TrashedInstance> instances;
  for (int i = 0; i < 20'000; ++i)
    instances.push_back({"2024/05/31/142233456/" + std::to_string(i) + ".dcm", "1.2.840." + std::to_string(i)});
  TrashRecord record;
  record.study = "1.1";
  record.user = "ann\nand a second line";
  record.identifier = {std::byte{'\n'}, std::byte{0}};
  record.parts.push_back(records.write_part("1.1", "7", instances));
  CHECK(record.parts[0].pages == 2);
  records.put(record);
  const auto found = records.find("1.1").value();
  CHECK(found.user == record.user);
  CHECK(found.identifier == record.identifier);
  std::vector<std::string> uids;
  for (uint64_t page = 1; page <= 2; ++page)
    for (const auto& instance : records.page("1.1", found.parts[0], page)) uids.push_back(instance.sop_instance);
  REQUIRE(uids.size() == instances.size());
  CHECK(uids.back() == instances.back().sop_instance);

  records.write_part("1.1", "8", std::span(instances).first(1));
  records.drop_strays();
  CHECK(records.page("1.1", {"8", 1}, 1).empty());
  CHECK(records.page("1.1", found.parts[0], 2).size() > 1000);
}

TEST_CASE("discards, restores, removals and arrivals at the same time leave everything known and nothing twice") {
  Bin archive;
  constexpr int kInstances = 20;
  const auto data = [](int i) { return object("1.1", "1.1.1." + std::to_string(i)).encode(); };
  for (int i = 0; i < kInstances; ++i) store(*archive.service, data(i), kExplicitLittle);
  std::atomic<bool> stop{false};
  const auto again = [&](auto work) {
    return std::thread([&stop, work] {
      while (!stop) try {
          work();
        } catch (const Error& error) {
          if (error.code() != Code::not_found && error.code() != Code::conflict) throw;
        }
    });
  };
  std::vector<std::thread> threads;
  threads.push_back(again([&] { archive.discard("1.1"); }));
  threads.push_back(again([&] { archive.trash().restore("1.1"); }));
  threads.push_back(again([&] { archive.trash().tend(0); }));
  threads.push_back(again([&] {
    for (int i = 0; i < kInstances; ++i) store(*archive.service, data(i), kExplicitLittle);
  }));
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  stop = true;
  for (auto& thread : threads) thread.join();
  CHECK(archive.problems().empty());
  if (!archive.lines().empty()) archive.trash().restore("1.1");
  CHECK(archive.indexed() == kInstances);
  CHECK(archive.keys().size() == kInstances);
  CHECK(archive.problems().empty());
}
