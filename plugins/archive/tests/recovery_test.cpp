#include <catch2/catch.hpp>
#include <functional>
#include <set>

#include "faulty_stores.hpp"
#include "integrity/verify.hpp"
#include "recovery/recovery.hpp"
#include "recovery/reindex.hpp"

using namespace fermata;
using namespace fermata::archive;
using namespace fermata::archive::testing;
using Kind = StoreOutcome::Kind;
using Blow = Fuse::Blow;

namespace {

constexpr auto kNeverByItself = std::chrono::hours(10);
const std::vector<std::byte> kAbsent;

/// An archive whose stores can fail, and what must be in it: to each instance the contents that are right. An empty one
/// means that it may be absent.
class World {
 public:
  explicit World(DuplicatePolicy policy) : blobs(memory_blobs, fuse), index(fuse), state(index, fuse) {
    settings.duplicates = policy;
    settings.mark_interval = kNeverByItself;
  }

  void start() {
    service = std::make_unique<ArchiveService>(blobs, index, state, std::vector<NamedHook>{}, settings, Journal{});
    service->serve();
  }
  void store(const Object& object) {
    const auto data = object.encode();
    auto& right = expected[object.sop_instance];
    if (right.empty()) right.insert(kAbsent);
    const auto result = fermata::archive::testing::store(*service, data, kExplicitLittle, 200);
    switch (result.kind) {
      case Kind::stored:
      case Kind::replaced:
      case Kind::identical:
        right = {data};
        break;
      case Kind::kept_first:
        break;
      case Kind::refused:
        right.insert(data);  // not acknowledged: either is right
    }
  }
  void remove(std::string_view study, std::initializer_list<std::string> instances) {
    Selection selection;
    selection.study_instance_uids = std::span(&study, 1);
    bool done = false;
    try {
      if (through_trash) {
        service->trash().discard(study, "ann", 0);
        service->trash().purge(study);
      } else {
        service->remove(selection);
      }
      done = true;
    } catch (const Error&) {
    }
    for (const auto& uid : instances) {
      // What was refused because the storage failed is not removed: recovery may still find its blob.
      if (done && expected[uid].size() == 1) expected[uid].clear();
      expected[uid].insert(kAbsent);
    }
  }
  void save_mark() {
    try {
      service->save_mark();
    } catch (const Error&) {
    }
  }

  std::string check() {
    std::string wrong;
    const auto problem = [&](std::string_view key, std::string_view what) {
      wrong += std::string(key) + ": " + std::string(what) + "\n";
    };
    Verification(memory_blobs, index, state, settings.limits).run(problem, [](const VerifyReport&) {});
    for (const auto& [uid, right] : expected) {
      const auto found = find_instance(index, uid);
      const auto content = found ? read_all(*service->open(found->record())) : std::vector<std::byte>{};
      if (right.count(content) == 0) wrong += uid + (found ? " has the wrong content\n" : " is lost\n");
    }
    BlobEntry entry;
    uint64_t blobs_left = 0;
    for (const auto cursor = memory_blobs.list({}); cursor->next(entry);) ++blobs_left;
    if (blobs_left != index.statistics().instances) wrong += "blobs and instances differ in number\n";
    return wrong;
  }

  bool through_trash = false;
  Settings settings;
  Fuse fuse;
  fermata::testing::MemoryBlobStore memory_blobs;
  FaultyBlobStore blobs;
  FaultyIndex index;
  FaultyStateStore state;
  std::unique_ptr<ArchiveService> service;
  std::map<std::string, std::set<std::vector<std::byte>>> expected;
};

Object object(std::string study, std::string instance, std::string name) {
  Object o;
  o.study = study;
  o.series = study + ".1";
  o.sop_instance = std::move(instance);
  o.patient_name = std::move(name);
  return o;
}

/// Everything that changes the stores: new objects, the same again, others with the same UID, also in another study,
/// removal, and the mark in between.
void live_through(World& world) {
  world.store(object("1.0", "1.0.1.1", "Z"));
  world.store(object("1.0", "1.0.1.1", "Z before any mark"));
  world.store(object("1.1", "1.1.1.1", "A"));
  world.store(object("1.1", "1.1.1.2", "B"));
  world.save_mark();
  world.store(object("1.1", "1.1.1.1", "A"));
  world.store(object("1.1", "1.1.1.1", "A again"));
  world.store(object("1.2", "1.1.1.2", "B elsewhere"));
  world.store(object("1.3", "1.3.1.1", "C"));
  world.save_mark();
  world.store(object("1.3", "1.3.1.2", "D"));
  world.remove("1.3", {"1.3.1.1", "1.3.1.2"});
  world.store(object("1.3", "1.3.1.1", "C again"));
}

/// Runs it once for every change to a store, with that change going wrong.
void for_each_change(DuplicatePolicy policy, Blow how, const std::function<void(World&)>& aftermath) {
  int at = 1;
  for (bool more = true; more; ++at) {
    World world(policy);
    world.start();
    world.fuse.set(how, at);
    live_through(world);
    more = world.fuse.blown();
    INFO("change " << at);
    aftermath(world);
  }
  CHECK(at > 30);
}

}  // namespace

TEST_CASE("after an end at any step, recovery leaves what was acknowledged and no more") {
  const auto policy = GENERATE(DuplicatePolicy::keep_first, DuplicatePolicy::replace);
  const auto how = GENERATE(Blow::end_before, Blow::end_after);
  const bool power_cut = GENERATE(false, true);
  CAPTURE(static_cast<int>(policy), static_cast<int>(how), power_cut);
  for_each_change(policy, how, [&](World& world) {
    world.service.reset();
    world.fuse.set(Blow::never, 0);
    if (power_cut) world.index.cut_power();
    world.start();
    CHECK(world.check() == "");
    world.service.reset();
    world.start();
    CHECK(world.check() == "");
  });
}

TEST_CASE("an end during recovery is recovered from as well") {
  const auto how = GENERATE(Blow::end_before, Blow::end_after);
  const int again = GENERATE(1, 2, 3, 4, 5, 6);
  for_each_change(DuplicatePolicy::replace, how, [&](World& world) {
    world.service.reset();
    world.fuse.set(how, again);
    world.index.cut_power();
    try {
      world.start();
    } catch (const Error&) {
    }
    world.service.reset();
    world.fuse.set(Blow::never, 0);
    world.index.cut_power();
    world.start();
    CHECK(world.check() == "");
  });
}

TEST_CASE("a store that fails, once or from then on, costs refusals, but nothing that was acknowledged") {
  const auto policy = GENERATE(DuplicatePolicy::keep_first, DuplicatePolicy::replace);
  const auto how = GENERATE(Blow::fail_before, Blow::fail_after, Blow::fail_on);
  CAPTURE(static_cast<int>(policy), static_cast<int>(how));
  for_each_change(policy, how, [&](World& world) {
    world.service.reset();
    world.fuse.set(Blow::never, 0);
    world.start();
    CHECK(world.check() == "");
  });
}

TEST_CASE("what was replaced does not come back after what replaced it was removed, whatever failed before") {
  const auto how = GENERATE(Blow::fail_before, Blow::fail_after);
  const bool through_trash = GENERATE(false, true);
  const bool power_cut = GENERATE(false, true);
  CAPTURE(static_cast<int>(how), through_trash, power_cut);
  int at = 1;
  for (bool more = true; more; ++at) {
    World world(DuplicatePolicy::replace);
    world.through_trash = through_trash;
    world.start();
    world.store(object("1.1", "1.1.1.1", "A"));
    world.fuse.set(how, at);
    world.store(object("1.1", "1.1.1.1", "A again"));
    more = world.fuse.blown();
    world.fuse.set(Blow::never, 0);
    world.remove("1.1", {"1.1.1.1"});
    world.service.reset();
    if (power_cut) world.index.cut_power();
    world.start();
    INFO("change " << at);
    CHECK(world.check() == "");
  }
  CHECK(at > 5);
}

TEST_CASE("after an end while many are removed, those are gone that left the index, and no others") {
  const auto how = GENERATE(Blow::end_before, Blow::end_after, Blow::fail_before, Blow::fail_on);
  const bool power_cut = GENERATE(false, true);
  CAPTURE(static_cast<int>(how), power_cut);
  int at = 1;
  for (bool more = true; more; ++at) {
    World world(DuplicatePolicy::keep_first);
    world.start();
    for (int i = 1; i <= 40; ++i) world.store(object("1.1", "1.1.1." + std::to_string(i), "A"));
    world.fuse.set(how, at);
    world.remove("1.1", {});
    more = world.fuse.blown();
    world.service.reset();
    world.fuse.set(Blow::never, 0);
    if (power_cut) world.index.cut_power();
    world.start();
    INFO("change " << at);
    const auto left = world.index.statistics().instances;
    CHECK((left == 0 || left == 40));
    if (left == 0) world.expected.clear();
    CHECK(world.check() == "");
  }
  CHECK(at > 40);
}

TEST_CASE("recovery looks no further back than the mark") {
  World world(DuplicatePolicy::keep_first);
  world.start();
  for (int i = 1; i <= 20; ++i) world.store(object("1.1", "1.1.1." + std::to_string(i), "A"));
  world.save_mark();
  world.store(object("1.1", "1.1.1.21", "A"));
  world.index.cut_power();
  CHECK(world.index.statistics().instances == 20);
  Recovery recovery(world.blobs, world.index, world.state, world.settings, Journal{});
  const auto report = recovery.run({});
  CHECK(report.indexed == 1);
  CHECK(report.present == 0);
}

TEST_CASE("the mark stays below an object on its way") {
  World world(DuplicatePolicy::keep_first);
  world.start();
  world.store(object("1.1", "1.1.1.1", "A"));
  const auto data = object("1.1", "1.1.1.2", "B").encode();
  StoreRequest request;
  request.transfer_syntax_uid = kExplicitLittle;
  const auto slow = world.service->store(request);
  slow->append(data);
  world.store(object("1.1", "1.1.1.3", "C"));
  world.save_mark();
  CHECK(slow->finish().kind == Kind::stored);
  world.fuse.set(Blow::end_before, 1);  // no further mark
  world.index.cut_power();
  CHECK(world.index.statistics().instances == 2);
}

TEST_CASE("a lost index is made anew at the start, equal to the first") {
  Fixture archive;
  for (int i = 1; i <= 5; ++i)
    store(*archive.service, object("1." + std::to_string(i % 2), "1.9." + std::to_string(i), "A").encode(),
          kExplicitLittle);
  const auto before = archive.find("1.9.3").value();
  archive.service.reset();
  fermata::testing::MemoryIndex index;
  fermata::testing::MemoryStateStore state;
  ArchiveService service(archive.blobs, index, state, {}, archive.settings, Journal{});
  service.serve();
  CHECK(service.statistics().instances == 5);
  Selection selection;
  const std::string_view uid = "1.9.3";
  selection.sop_instance_uids = std::span(&uid, 1);
  selection.with_headers = true;
  const auto cursor = service.instances(selection);
  InstanceRecord record;
  REQUIRE(cursor->next(record));
  const auto after = StoredObject::from(record);
  CHECK(after.header == before.header);
  CHECK(after.blob_key == before.blob_key);
  CHECK(after.checksum == before.checksum);
  CHECK(after.received_us == before.received_us);
  CHECK(after.source_ae_title == before.source_ae_title);
  CHECK(after.data_set_offset == before.data_set_offset);
  CHECK(after.blob_length == before.blob_length);
  CHECK(after.bulk.size() == before.bulk.size());
}

TEST_CASE("an index that is empty although the mark is not is made anew too") {
  Fixture archive;
  store(*archive.service, Object().encode(), kExplicitLittle);
  archive.service.reset();
  archive.index.clear();
  archive.start();
  CHECK(archive.find("1.2.3.4.5"));
}

TEST_CASE("reindex makes the same index anew and leaves damaged blobs alone") {
  Fixture archive;
  store(*archive.service, Object().encode(), kExplicitLittle);
  store(*archive.service, object("1.7", "1.7.1.1", "B").encode(), kExplicitLittle);
  archive.service.reset();
  const auto junk = archive.blobs.create("junk/file");
  junk->append(std::vector<std::byte>(1000));
  junk->commit();
  ReindexCommand reindex({});
  reindex.work_with(archive.blobs, archive.index, archive.state, archive.settings, Journal{});
  CHECK(reindex.run({}) == 1);
  CHECK(archive.index.statistics().instances == 2);
  CHECK(archive.keys().size() == 3);
  archive.start();
  CHECK(store(*archive.service, object("1.8", "1.8.1.1", "C").encode(), kExplicitLittle).kind == Kind::stored);
  CHECK(archive.index.statistics().instances == 3);
}

TEST_CASE("new keys stand above those of the last run") {
  Fixture archive;
  store(*archive.service, object("1.1", "1.1.1.1", "A").encode(), kExplicitLittle);
  archive.restart();
  store(*archive.service, object("1.1", "1.1.1.2", "A").encode(), kExplicitLittle);
  CHECK(archive.find("1.1.1.1")->blob_key < archive.find("1.1.1.2")->blob_key);
}

TEST_CASE("verify finds every kind of damage and changes nothing") {
  Fixture archive;
  for (int i = 1; i <= 4; ++i)
    store(*archive.service, object("1.1", "1.1.1." + std::to_string(i), "A").encode(), kExplicitLittle);
  const auto problems = [&] {
    std::vector<std::string> found;
    Verification(archive.blobs, archive.index, archive.state, {})
        .run([&](std::string_view, std::string_view what) { found.emplace_back(what); }, [](const VerifyReport&) {});
    return found;
  };
  CHECK(problems().empty());

  const auto rewrite = [&](const std::string& uid, const std::function<void(std::vector<std::byte>&)>& change) {
    const auto key = archive.find(uid)->blob_key;
    const auto reader = archive.blobs.open(key);
    std::vector<std::byte> bytes(reader->length());
    reader->read_at(0, bytes);
    change(bytes);
    archive.blobs.remove(key);
    const auto writer = archive.blobs.create(key);
    writer->append(bytes);
    writer->commit();
  };
  rewrite("1.1.1.1", [](auto& bytes) { bytes.back() ^= std::byte{1}; });
  rewrite("1.1.1.2", [](auto& bytes) { bytes.resize(bytes.size() - 10); });
  archive.blobs.remove(archive.find("1.1.1.3")->blob_key);
  const auto transaction = archive.index.begin("1.1");
  transaction->remove("1.1.1.4");
  transaction->commit();
  CHECK(problems() == std::vector<std::string>{"its checksum is not the one at receipt",
                                               "it is damaged: the data set is cut short", "it is missing",
                                               "the index doesn't know it: run `fermata reindex`"});
  CHECK(archive.keys().size() == 3);
}
