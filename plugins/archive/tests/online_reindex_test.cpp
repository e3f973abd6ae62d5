#include "recovery/online_reindex.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <functional>
#include <map>

#include "archive_fixture.hpp"
#include "fermata/testing/kept_jobs.hpp"
#include "fermata/testing/temporary_folder.hpp"
#include "fermata/testing/threads_and_errors.hpp"
#include "integrity/verify.hpp"
#include "renewal.hpp"
#include "rocks_state_store.hpp"

using namespace fermata;
using namespace fermata::archive;
using namespace fermata::archive::testing;
using fermata::testing::code_of;
using Strings = std::vector<std::string>;

namespace {

constexpr int64_t kNotDue = 2'000'000'000'000'000;

/// A run of a job that is cancelled after so many blobs, and meanwhile lets something be done.
class Run final : public JobRun {
 public:
  uint64_t id() override { return 1; }
  std::span<const std::byte> parameters() override { return {}; }
  std::span<const std::byte> checkpoint() override { return checkpoint_; }
  void save(std::span<const std::byte> checkpoint) override {
    checkpoint_.assign(checkpoint.begin(), checkpoint.end());
  }
  void progress(uint64_t number, uint64_t, std::string_view text) override {
    done = number;
    message = text;
    if (const auto found = meanwhile.find(number); found != meanwhile.end()) std::exchange(found->second, [] {})();
  }
  bool cancelled() override { return done >= cancel_at; }

  std::map<uint64_t, std::function<void()>> meanwhile;  ///< after so many blobs
  uint64_t cancel_at = UINT64_MAX;
  uint64_t done = 0;
  std::string message;

 private:
  std::vector<std::byte> checkpoint_;
};

/// An archive whose index can be made anew.
struct World {
  explicit World(Settings settings = {})
      : database({folder.path()}),
        index(database, Journal{}),
        renewal(database, index, Journal{}),
        state(database),
        service(blobs, index, state, {}, settings, Journal{}),
        reindex(service.ingest(), state, renewal, queue, [this] { service.serve(); }) {
    service.serve();
  }

  Object object(int number, const std::string& study = "1.1") const {
    Object o;
    o.study = study;
    o.series = study + ".1";
    o.sop_instance = study + ".1." + std::to_string(number);
    return o;
  }
  void put(const Object& o) { store(service, o.encode(), kExplicitLittle); }
  void put(int first, int last, const std::string& study = "1.1") {
    for (int i = first; i <= last; ++i) put(object(i, study));
  }
  void take(const std::string& uid) {
    Selection selection;
    const std::string_view view = uid;
    selection.sop_instance_uids = {&view, 1};
    CHECK(service.remove(selection) == 1);
  }
  std::string key(const std::string& uid) { return find_instance(index, uid).value().blob_key; }
  void forget(const std::string& study, const std::string& uid) {
    const auto transaction = index.begin(study);
    transaction->remove(uid);
    transaction->commit();
  }
  void write_blob(const std::string& blob_key, std::span<const std::byte> content) {
    const auto writer = blobs.create(blob_key);
    writer->append(content);
    writer->commit();
  }
  std::vector<std::byte> read_blob(const std::string& blob_key) {
    const auto blob = blobs.open(blob_key);
    std::vector<std::byte> content(blob->length());
    blob->read_at(0, content);
    return content;
  }
  Strings instances() {
    Strings uids;
    const auto cursor = index.instances({});
    for (InstanceRecord record; cursor->next(record);) uids.emplace_back(record.sop_instance_uid);
    return uids;
  }
  Strings problems() {
    Strings all;
    Verification(blobs, index, state, {})
        .run([&](std::string_view blob,
                 std::string_view what) { all.push_back(std::string(blob) + ": " + std::string(what)); },
             [](const VerifyReport&) {});
    return all;
  }

  fermata::testing::TemporaryFolder folder;
  fermata::testing::MemoryBlobStore blobs;
  index_rocksdb::Database database;
  index_rocksdb::CurrentIndex index;
  index_rocksdb::Renewal renewal;
  index_rocksdb::RocksStateStore state;
  fermata::testing::KeptJobs queue;
  ArchiveService service;
  OnlineReindex reindex;
};

}  // namespace

TEST_CASE("an index that is made anew has everything that was there, came and went meanwhile") {
  Settings settings;
  settings.duplicates = DuplicatePolicy::replace;
  World world(settings);
  world.put(1, 20);
  world.put(1, 5, "1.2");
  world.put(1, 5, "1.3");
  world.service.trash().discard("1.3", "ann", kNotDue);
  Run run;
  run.meanwhile[1] = [&] { world.put(1, 3, "1.4"); };
  run.meanwhile[5] = [&] {
    world.take("1.1.1.2");   // read already
    world.take("1.1.1.19");  // still to come
    auto other = world.object(3);
    other.patient_name = "Another^One";
    world.put(other);
    other = world.object(18);
    other.series = "1.1.2";
    world.put(other);
  };
  run.meanwhile[10] = [&] {
    world.service.trash().discard("1.2", "ann", kNotDue);
    world.service.trash().restore("1.3");
  };
  world.reindex.run(run);
  CHECK(world.database.generations().all() == std::set<uint64_t>{1});
  CHECK(world.problems().empty());
  const auto there = world.instances();
  CHECK(there.size() == 20 - 2 + 5 + 3);
  for (const auto gone : {"1.1.1.2", "1.1.1.19", "1.2.1.1"}) CHECK(std::count(there.begin(), there.end(), gone) == 0);
  CHECK(find_instance(world.index, "1.1.1.18")->identity.series == "1.1.2");
  CHECK(world.index.statistics().studies == 3);
  CHECK_THAT(run.message, Catch::Contains("26 instances in 3 studies"));
  world.service.trash().restore("1.2");
  CHECK(world.problems().empty());
}

TEST_CASE("what the index had lost is found again, and a record without a blob is left out") {
  World world;
  world.put(1, 4);
  world.forget("1.1", "1.1.1.2");
  world.blobs.remove(world.key("1.1.1.3"));
  Run run;
  world.reindex.run(run);
  CHECK(world.instances() == Strings{"1.1.1.1", "1.1.1.2", "1.1.1.4"});
  CHECK(world.problems().empty());
}

TEST_CASE("a damaged object keeps the record that it had, for a repair to compare with") {
  World world;
  world.put(1, 3);
  const auto before = find_instance(world.index, "1.1.1.2").value();
  auto content = world.read_blob(before.blob_key);
  SECTION("in its pixels") { content.back() ^= std::byte{1}; }
  SECTION("cut off") { content.resize(content.size() - 300); }
  SECTION("from the beginning on") { std::fill(content.begin(), content.end(), std::byte{7}); }
  world.blobs.remove(before.blob_key);
  world.write_blob(before.blob_key, content);
  Run run;
  world.reindex.run(run);
  CHECK(world.instances().size() == 3);
  const auto after = find_instance(world.index, "1.1.1.2").value();
  CHECK(after.checksum == before.checksum);
  CHECK(after.blob_key == before.blob_key);
  CHECK_THAT(run.message, Catch::Contains("1 damaged"));
  CHECK(world.reindex.problems().of(run.id()) == 1);
}

TEST_CASE("of two blobs with one instance the one that the index names stays") {
  World world;
  world.put(1, 1);
  const auto content = world.read_blob(world.key("1.1.1.1"));
  const auto named = world.key("1.1.1.1");
  world.write_blob("1999/01/01/000000000/0000.dcm", content);
  Run run;
  SECTION("if its blob is there") {
    world.reindex.run(run);
    CHECK(world.key("1.1.1.1") == named);
    CHECK_THAT(run.message, Catch::Contains("1 duplicates"));
  }
  SECTION("else the other one takes its place") {
    world.blobs.remove(named);
    world.reindex.run(run);
    CHECK(world.key("1.1.1.1") == "1999/01/01/000000000/0000.dcm");
  }
}

TEST_CASE("what is about to be removed, in the trash, put aside, or on its way is not indexed") {
  World world;
  world.put(1, 2);
  world.put(1, 2, "1.2");
  const auto planned = world.key("1.1.1.2");
  const DeletionJournal::Removal removal{planned, "1.1", "1.1.1.2", {}};
  world.service.ingest().deletions.plan({&removal, 1});
  world.forget("1.1", "1.1.1.2");
  world.service.trash().discard("1.2", "ann", kNotDue);
  auto content = world.read_blob(world.key("1.1.1.1"));
  world.write_blob("quarantine/x.dcm", content);
  const std::string uid = "1.1.1.1";
  const std::string other = "1.1.1.9";
  const auto at = [&](auto begin) {
    return std::search(begin, content.end(), std::as_bytes(std::span(uid)).begin(),
                       std::as_bytes(std::span(uid)).end());
  };
  for (auto found = at(content.begin()); found != content.end(); found = at(found))
    std::copy_n(std::as_bytes(std::span(other)).begin(), other.size(), found);
  world.write_blob("9999/01/01/000000000/0000.dcm", content);
  Run run;
  world.reindex.run(run);
  CHECK(world.instances() == Strings{"1.1.1.1"});
  CHECK_THAT(run.message, Catch::Contains("2 in the trash"));
}

TEST_CASE("a cancelled run goes on where it was, and the old index is in use until it is done") {
  World world;
  world.put(1, 30);
  Run run;
  run.cancel_at = 10;
  world.reindex.run(run);
  CHECK(world.database.generations().all().size() == 2);
  CHECK(world.index.current()->database().generation() == 0);
  CHECK(world.instances().size() == 30);
  world.take("1.1.1.1");
  run.cancel_at = UINT64_MAX;
  uint64_t first = 0;
  run.meanwhile[11] = [&] { first = run.done; };
  world.reindex.run(run);
  CHECK(first == 11);
  CHECK(world.index.current()->database().generation() == 1);
  CHECK(world.instances().size() == 29);
  CHECK(world.problems().empty());
}

TEST_CASE("a job that is done again after the switch does nothing more") {
  World world;
  world.put(1, 3);
  Run run;
  world.reindex.run(run);
  world.reindex.run(run);
  CHECK(world.index.current()->database().generation() == 1);
  CHECK(world.instances().size() == 3);
}

TEST_CASE("an index does not lose more than a hundred objects because their files are not there") {
  World world;
  world.put(1, 150);
  const auto first = world.key("1.1.1.1");
  const auto kept = world.read_blob(first);
  std::map<std::string, std::vector<std::byte>> unmounted;
  for (int i = 1; i <= 120; ++i) {
    const auto key = world.key("1.1.1." + std::to_string(i));
    unmounted[key] = world.read_blob(key);
    world.blobs.remove(key);
  }
  Run run;
  CHECK(code_of([&] { world.reindex.run(run); }) == Code::conflict);
  CHECK(world.index.current()->database().generation() == 0);
  CHECK(world.instances().size() == 150);
  for (const auto& [key, content] : unmounted) world.write_blob(key, content);
  world.reindex.run(run);
  CHECK(world.index.current()->database().generation() == 1);
  CHECK(world.instances().size() == 150);
  CHECK(world.problems().empty());
}

TEST_CASE("one job is asked for at a time, and half an index that no job goes on with is removed") {
  World world;
  world.put(1, 3);
  CHECK(world.reindex.ask_for() == 1);
  CHECK(world.reindex.ask_for() == 1);
  Run run;
  run.cancel_at = 1;
  world.reindex.run(run);
  world.queue.cancel(1);
  world.reindex.tidy();
  CHECK(world.database.generations().all().size() == 2);
  CHECK(world.reindex.ask_for() == 2);
  world.queue.forget(2);
  world.queue.forget(1);
  world.reindex.tidy();
  CHECK(world.database.generations().all().size() == 1);
}
