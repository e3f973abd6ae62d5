#include <catch2/catch.hpp>
#include <functional>
#include <set>

#include "faulty_stores.hpp"
#include "integrity/verify.hpp"
#include "recovery/reindex.hpp"

using namespace fermata;
using namespace fermata::archive;
using namespace fermata::archive::testing;
using Kind = StoreOutcome::Kind;
using Blow = Fuse::Blow;

namespace {

constexpr auto kNeverByItself = std::chrono::hours(10);
constexpr int64_t kDue = 1000;
constexpr int64_t kNotDue = 2'000'000'000'000'000;
const std::set<std::string> kInstances{"1.1.1.1", "1.1.1.2", "1.1.1.3"};

Object object(const std::string& study, std::string instance, std::string name) {
  Object o;
  o.study = study;
  o.series = study + ".1";
  o.sop_instance = std::move(instance);
  o.patient_name = std::move(name);
  return o;
}

/// An archive with one study of three instances, in stores that can fail.
class World {
 public:
  explicit World(DuplicatePolicy policy) : blobs(memory_blobs, fuse), index(fuse), state(index, fuse) {
    settings.duplicates = policy;
    settings.mark_interval = kNeverByItself;
    start();
    for (const auto& uid : kInstances) store(object("1.1", uid, "first"));
  }

  void start() {
    service = std::make_unique<ArchiveService>(blobs, index, state, std::vector<NamedHook>{}, settings, Journal{});
    service->serve();
  }
  TrashBin& trash() { return service->trash(); }

  void store(const Object& o) {
    const auto data = o.encode();
    const auto kind = fermata::archive::testing::store(*service, data, kExplicitLittle).kind;
    auto& right = contents[o.sop_instance];
    if (kind == Kind::stored) right.clear();
    right.insert(data);
  }
  bool discard(int64_t purge_us = kNotDue) {
    return done([&] { trash().discard("1.1", "ann", purge_us); });
  }
  bool restore() {
    return done([&] { trash().restore("1.1"); });
  }
  bool purge() {
    return done([&] { trash().purge("1.1"); });
  }
  static bool done(const std::function<void()>& step) {
    try {
      step();
      return true;
    } catch (const Error&) {
      return false;
    }
  }
  void recover(bool power_cut) {
    service.reset();
    fuse.set(Blow::never, 0);
    if (power_cut) index.cut_power();
    start();
  }

  std::set<std::string> visible() {
    std::set<std::string> uids;
    const std::string_view study = "1.1";
    Selection selection;
    selection.study_instance_uids = std::span(&study, 1);
    InstanceRecord record;
    for (const auto cursor = index.instances(selection); cursor->next(record);) uids.emplace(record.sop_instance_uid);
    return uids;
  }
  bool in_trash() {
    DiscardedStudy study;
    return trash().list()->next(study);
  }
  std::string problems() {
    std::string wrong;
    const auto problem = [&](std::string_view key, std::string_view what) {
      wrong += std::string(key) + ": " + std::string(what) + "\n";
    };
    Verification(memory_blobs, index, state, settings.limits).run(problem, [](const VerifyReport&) {});
    return wrong;
  }
  /// Every instance is there, with contents that are right.
  std::string check_all_there() {
    std::string wrong = problems();
    for (const auto& uid : kInstances) {
      const auto found = find_instance(index, uid);
      if (!found)
        wrong += uid + " is lost\n";
      else if (contents[uid].count(read_all(*service->open(found->record()))) == 0)
        wrong += uid + " has the wrong content\n";
    }
    if (count_blobs() != kInstances.size()) wrong += "blobs and instances differ in number\n";
    if (count_documents() != 0) wrong += "documents are left\n";
    return wrong;
  }
  std::string check_nothing_there() {
    std::string wrong = problems();
    if (!visible().empty() || in_trash()) wrong += "the study is not purged\n";
    if (count_blobs() != 0) wrong += "blobs are left\n";
    if (count_documents() != 0) wrong += "documents are left\n";
    return wrong;
  }

  Settings settings;
  Fuse fuse;
  fermata::testing::MemoryBlobStore memory_blobs;
  FaultyBlobStore blobs;
  FaultyIndex index;
  FaultyStateStore state;
  std::unique_ptr<ArchiveService> service;
  std::map<std::string, std::set<std::vector<std::byte>>> contents;

 private:
  std::size_t count_blobs() {
    BlobEntry entry;
    std::size_t count = 0;
    for (const auto cursor = memory_blobs.list({}); cursor->next(entry);) ++count;
    return count;
  }
  std::size_t count_documents() {
    std::size_t count = 0;
    for (const auto* collection : {"archive.trash", "archive.trash.instances", "archive.deletions"}) {
      Document document;
      for (const auto cursor = state.list(collection, {}); cursor->next(document);) ++count;
    }
    return count;
  }
};

/// Does it once for every change to a store, with that change going wrong. `before` always succeeds.
void for_each_change(Blow how, const std::function<void(World&)>& before, const std::function<void(World&)>& work,
                     const std::function<void(World&)>& aftermath, int at_least,
                     DuplicatePolicy policy = DuplicatePolicy::keep_first) {
  int at = 1;
  for (bool more = true; more; ++at) {
    World world(policy);
    before(world);
    world.fuse.set(how, at);
    work(world);
    more = world.fuse.blown();
    INFO("change " << at);
    aftermath(world);
  }
  CHECK(at > at_least);
}

void nothing(World&) {}
void discarded(World& world) { REQUIRE(world.discard()); }

/// Wholly visible or wholly in the trash; and restored, it is all there.
void check_whole(World& world) {
  world.trash().tend(0);
  CHECK(world.problems() == "");
  const auto visible = world.visible();
  CHECK(world.in_trash() == visible.empty());
  CHECK((visible.empty() || visible == kInstances));
  if (world.in_trash()) CHECK(world.restore());
  world.recover(false);  // documents that nobody needs may be there until then
  CHECK(world.check_all_there() == "");
}

}  // namespace

TEST_CASE("after an end at any step of discarding, the study is wholly there or wholly in the trash") {
  const auto how = GENERATE(Blow::end_before, Blow::end_after);
  const bool power_cut = GENERATE(false, true);
  for_each_change(
      how, nothing, [](World& world) { world.discard(); },
      [&](World& world) {
        world.recover(power_cut);
        CHECK(world.in_trash() == world.visible().empty());
        check_whole(world);
      },
      4);
}

TEST_CASE("an instance that came again outlives a power cut before the trash was sure that the first is discarded") {
  World world(DuplicatePolicy::keep_first);
  world.service->save_mark();
  constexpr int kLastStep = 4;  // page, record, index, record again
  world.fuse.set(Blow::fail_before, kLastStep);
  CHECK(world.discard());
  REQUIRE(world.fuse.blown());
  world.store(object("1.1", "1.1.1.2", "second"));
  world.fuse.set(Blow::end_before, 1);  // no further mark
  world.recover(true);
  CHECK(world.visible() == std::set<std::string>{"1.1.1.2"});
  CHECK(world.problems() == "");
  CHECK(world.restore());
  CHECK(world.check_all_there() == "");
}

TEST_CASE("after an end at any step of restoring, the study is wholly there or wholly in the trash") {
  const auto how = GENERATE(Blow::end_before, Blow::end_after);
  const bool power_cut = GENERATE(false, true);
  for_each_change(
      how, discarded, [](World& world) { world.restore(); },
      [&](World& world) {
        world.recover(power_cut);
        check_whole(world);
      },
      4);
}

TEST_CASE("after an end at any step of purging, the study is wholly in the trash, or gone in the end") {
  const auto how = GENERATE(Blow::end_before, Blow::end_after);
  const bool power_cut = GENERATE(false, true);
  for_each_change(
      how, discarded, [](World& world) { world.purge(); },
      [&](World& world) {
        world.recover(power_cut);
        CHECK(world.problems() == "");
        CHECK(world.visible().empty());
        if (world.in_trash()) return check_whole(world);
        world.trash().tend(0);
        CHECK(world.check_nothing_there() == "");
      },
      7);
}

TEST_CASE("after an end at any step of purging what is due, it is purged in the end") {
  const auto how = GENERATE(Blow::end_before, Blow::end_after);
  for_each_change(
      how, [](World& world) { REQUIRE(world.discard(kDue)); },
      [](World& world) { World::done([&] { world.trash().tend(kDue); }); },
      [&](World& world) {
        world.recover(true);
        world.trash().tend(kDue);
        CHECK(world.check_nothing_there() == "");
      },
      7);
}

TEST_CASE("a store that fails, once or from then on, makes no study half discarded") {
  const auto how = GENERATE(Blow::fail_before, Blow::fail_after, Blow::fail_on);
  const bool restoring = GENERATE(false, true);
  const bool next_start = GENERATE(false, true);
  CAPTURE(static_cast<int>(how), restoring, next_start);
  for_each_change(
      how, restoring ? discarded : nothing,
      [&](World& world) {
        const bool answered = restoring ? world.restore() : world.discard();
        if (answered) CHECK(world.visible().empty() != restoring);
      },
      [&](World& world) {
        world.fuse.set(Blow::never, 0);
        if (next_start) world.recover(true);
        world.trash().tend(0);
        check_whole(world);
        CHECK(world.discard());
        world.recover(false);
        CHECK(world.check_all_there() != "");
        check_whole(world);
      },
      3);
}

TEST_CASE("a store that fails while a study is purged costs a second attempt") {
  const auto how = GENERATE(Blow::fail_before, Blow::fail_after, Blow::fail_on);
  for_each_change(
      how, discarded, [](World& world) { world.purge(); },
      [](World& world) {
        world.fuse.set(Blow::never, 0);
        world.trash().tend(0);
        if (world.in_trash()) return check_whole(world);
        CHECK(world.check_nothing_there() == "");
      },
      7);
}

TEST_CASE("whatever goes wrong while many blobs are purged, the study is gone in the end") {
  const auto how = GENERATE(Blow::end_before, Blow::end_after, Blow::fail_before, Blow::fail_after, Blow::fail_on);
  for_each_change(
      how,
      [](World& world) {
        for (int i = 10; i < 50; ++i) world.store(object("1.1", "1.1.1." + std::to_string(i), "first"));
        REQUIRE(world.discard());
      },
      [](World& world) { world.purge(); },
      [](World& world) {
        world.recover(true);
        if (world.in_trash()) CHECK(world.purge());
        world.trash().tend(0);
        CHECK(world.check_nothing_there() == "");
      },
      45);
}

TEST_CASE("an end at any step of a study's life in and out of the trash loses nothing that was acknowledged") {
  const auto how = GENERATE(Blow::end_before, Blow::end_after, Blow::fail_before, Blow::fail_after, Blow::fail_on);
  const auto policy = GENERATE(DuplicatePolicy::keep_first, DuplicatePolicy::replace);
  const bool power_cut = GENERATE(false, true);
  CAPTURE(static_cast<int>(how), static_cast<int>(policy), power_cut);
  for_each_change(
      how, nothing,
      [](World& world) {
        world.discard();
        world.store(object("1.1", "1.1.1.1", "first"));
        world.store(object("1.1", "1.1.1.2", "second"));
        World::done([&] { world.service->save_mark(); });
        world.discard();
        world.store(object("1.1", "1.1.1.3", "third"));
        world.restore();
        world.store(object("1.1", "1.1.1.1", "fourth"));
        world.discard();
        world.restore();
      },
      [&](World& world) {
        world.recover(power_cut);
        CHECK(world.problems() == "");
        world.trash().tend(0);
        if (world.in_trash()) CHECK(world.restore());
        CHECK(world.check_all_there() == "");
      },
      30, policy);
}

TEST_CASE("an end during the recovery of a trash is recovered from as well") {
  const auto how = GENERATE(Blow::end_before, Blow::end_after);
  const int again = GENERATE(1, 2, 3, 4, 5, 6);
  const bool restoring = GENERATE(false, true);
  for_each_change(
      how, restoring ? discarded : nothing, [&](World& world) { restoring ? world.restore() : world.discard(); },
      [&](World& world) {
        world.service.reset();
        world.fuse.set(how, again);
        world.index.cut_power();
        World::done([&] {
          world.start();
          world.trash().tend(0);
        });
        world.recover(true);
        check_whole(world);
      },
      4);
}

TEST_CASE("a reindex after an end at any step makes no study half discarded") {
  const bool restoring = GENERATE(false, true);
  for_each_change(
      Blow::end_after, restoring ? discarded : nothing,
      [&](World& world) { restoring ? world.restore() : world.discard(); },
      [&](World& world) {
        world.service.reset();
        world.fuse.set(Blow::never, 0);
        ReindexCommand reindex({});
        reindex.work_with(world.blobs, world.index, world.state, world.settings, Journal{});
        CHECK(reindex.run({}) == 0);
        world.start();
        check_whole(world);
      },
      4);
}

TEST_CASE("where restoring has failed half-way, a purge leaves what is back") {
  for_each_change(
      Blow::fail_on, discarded, [](World& world) { world.restore(); },
      [](World& world) {
        world.fuse.set(Blow::never, 0);
        if (!world.in_trash()) return;
        const auto back = world.visible();
        CHECK(world.purge());
        CHECK(world.visible() == back);
        CHECK(world.problems() == "");
      },
      3);
}
