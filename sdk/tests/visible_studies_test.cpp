// What somebody who sees only some studies finds, lists and removes.
#include "fermata/visible_studies.hpp"

#include <catch2/catch.hpp>

#include "fermata/testing/http_exchange.hpp"
#include "fermata/testing/index_probe.hpp"
#include "fermata/testing/memory_index.hpp"
#include "fermata/testing/threads_and_errors.hpp"

using namespace fermata;
using namespace fermata::testing;

namespace {

using List = std::vector<std::string>;

/// An archive that is an index and nothing more.
class IndexedArchive final : public Archive {
 public:
  MemoryIndex index;
  mutable std::size_t queries = 0;

  void add(const std::string& study, const std::string& instance, const std::string& date) {
    SampleInstance sample(study, study + ".1", instance);
    sample.set(attribute::study_date, date);
    const auto transaction = index.begin(study);
    transaction->upsert(sample.record());
    transaction->commit();
  }
  std::unique_ptr<StoreOperation> store(const StoreRequest&) override { throw Error(Code::no_space, "full"); }
  std::unique_ptr<MatchCursor> find(const Query& query) override {
    ++queries;
    return index.find(query);
  }
  std::unique_ptr<InstanceCursor> instances(const Selection& selection) override { return index.instances(selection); }
  std::unique_ptr<ObjectReader> open(const InstanceRecord&) override { throw Error(Code::io, "broken"); }
  uint64_t remove(const Selection& selection) override {
    List studies;
    List doomed;
    const auto cursor = index.instances(selection);
    for (InstanceRecord record; cursor->next(record);) {
      studies.emplace_back(record.study_instance_uid);
      doomed.emplace_back(record.sop_instance_uid);
    }
    for (std::size_t i = 0; i < doomed.size(); ++i) {
      const auto transaction = index.begin(studies[i]);
      transaction->remove(doomed[i]);
      transaction->commit();
    }
    return doomed.size();
  }
  IndexStatistics statistics() override { return index.statistics(); }
  std::unique_ptr<ChangeCursor> changes(uint64_t after) override { return index.changes(after); }
  Capacity capacity() override { return {7, 5}; }
};

/// Three studies of one patient, newest first: 1.3, 1.2, 1.1, and a request that sees two of them.
struct Scene {
  Scene() {
    archive.add("1.1", "1.1.1.1", "20240101");
    archive.add("1.2", "1.2.1.1", "20240102");
    archive.add("1.2", "1.2.1.2", "20240102");
    archive.add("1.3", "1.3.1.1", "20240103");
    request.visible_studies = {"1.1", "1.3"};
  }

  List find(SampleDataSet identifier, uint64_t offset = 0, uint64_t limit = UINT64_MAX, Level level = Level::study) {
    VisibleArchive visible(archive, request);
    Query query;
    query.level = level;
    const auto bytes = identifier.bytes();
    query.identifier = bytes;
    query.order = Query::Order::newest_first;
    query.offset = offset;
    query.limit = limit;
    const auto cursor = visible.find(query);
    List found;
    for (std::span<const std::byte> match; cursor->next(match);)
      found.emplace_back(Answer(match)[level == Level::image ? attribute::sop_instance_uid : attribute::study_date]);
    return found;
  }
  List instances(const Selection& selection) {
    VisibleArchive visible(archive, request);
    const auto cursor = visible.instances(selection);
    List found;
    for (InstanceRecord record; cursor->next(record);) found.emplace_back(record.sop_instance_uid);
    return found;
  }

  IndexedArchive archive;
  GivenRequest request;
};

const auto kDates = keys({{attribute::study_date, ""}});

}  // namespace

TEST_CASE("a search finds visible studies only, page by page") {
  Scene scene;
  CHECK(scene.find(kDates) == List{"20240103", "20240101"});
  CHECK(scene.find(kDates, 1) == List{"20240101"});
  CHECK(scene.find(kDates, 0, 1) == List{"20240103"});
  CHECK(scene.find(kDates, 0, 0) == List{});
  CHECK(scene.find(kDates, 2) == List{});
  CHECK(scene.find(keys({{attribute::study_instance_uid, "1.2"}, {attribute::study_date, ""}})) == List{});
}

TEST_CASE("a search for instances leaves those of other studies out") {
  Scene scene;
  CHECK(scene.find(keys({{attribute::sop_instance_uid, ""}}), 0, UINT64_MAX, Level::image) ==
        List{"1.3.1.1", "1.1.1.1"});
}

TEST_CASE("an answer has what was asked for, and numbers of the patient's studies are not told") {
  Scene scene;
  VisibleArchive visible(scene.archive, scene.request);
  const auto identifier = keys({{attribute::patient_id, ""}, {attribute::patient_related_studies, ""}});
  Query query;
  const auto bytes = identifier.bytes();
  query.identifier = bytes;
  const auto cursor = visible.find(query);
  std::span<const std::byte> match;
  REQUIRE(cursor->next(match));
  const Answer answer(match);
  CHECK(answer[attribute::patient_id] == "4711");
  CHECK(answer[attribute::patient_related_studies].empty());
  CHECK(answer[attribute::study_instance_uid] == "absent");
}

TEST_CASE("patients are not searched for by somebody who sees only some of their studies") {
  Scene scene;
  CHECK(code_of([&] { scene.find(keys({{attribute::patient_id, ""}}), 0, 1, Level::patient); }) == Code::unsupported);
}

TEST_CASE("instances of other studies are not listed, however they are named") {
  Scene scene;
  CHECK(scene.instances({}) == List{"1.1.1.1", "1.3.1.1"});
  const std::string_view hidden[] = {"1.2"};
  const std::string_view both[] = {"1.2", "1.3"};
  const std::string_view instance[] = {"1.2.1.1"};
  Selection selection;
  selection.study_instance_uids = hidden;
  CHECK(scene.instances(selection).empty());
  selection.study_instance_uids = both;
  CHECK(scene.instances(selection) == List{"1.3.1.1"});
  selection = {};
  selection.sop_instance_uids = instance;
  CHECK(scene.instances(selection).empty());
}

TEST_CASE("what is not visible can't be removed, and is not found") {
  Scene scene;
  VisibleArchive visible(scene.archive, scene.request);
  const std::string_view hidden[] = {"1.2"};
  const std::string_view seen[] = {"1.1"};
  const std::string_view patient[] = {"4711"};
  const std::string_view hidden_instance[] = {"1.2.1.1"};
  Selection selection;
  selection.study_instance_uids = hidden;
  CHECK(code_of([&] { visible.remove(selection); }) == Code::not_found);
  selection.study_instance_uids = seen;
  CHECK(visible.remove(selection) == 1);
  selection = {};
  selection.sop_instance_uids = hidden_instance;
  CHECK(code_of([&] { visible.remove(selection); }) == Code::not_found);
  selection = {};
  selection.patient_ids = patient;
  CHECK(visible.remove(selection) == 1);
  CHECK(code_of([&] { visible.remove({}); }) == Code::invalid);
  CHECK(scene.archive.statistics().instances == 2);
}

TEST_CASE("changes tell of visible studies only") {
  Scene scene;
  VisibleArchive visible(scene.archive, scene.request);
  const auto cursor = visible.changes(0);
  List studies;
  for (Change change; cursor->next(change);) studies.emplace_back(change.study_instance_uid);
  CHECK(studies == List{"1.1", "1.3"});
}

TEST_CASE("whoever sees all studies gets everything straight through") {
  Scene scene;
  scene.request.visible_studies.clear();
  CHECK(scene.find(kDates, 1, 1) == List{"20240102"});
  CHECK(scene.find(keys({{attribute::study_date, ""}}), 0, UINT64_MAX, Level::patient).size() == 1);
  CHECK(scene.instances({}).size() == 4);
  VisibleArchive visible(scene.archive, scene.request);
  const std::string_view study[] = {"1.2"};
  Selection selection;
  selection.study_instance_uids = study;
  CHECK(visible.remove(selection) == 2);
  CHECK(visible.statistics().instances == 2);
}

TEST_CASE("storing and reading pass through") {
  Scene scene;
  VisibleArchive visible(scene.archive, scene.request);
  CHECK(code_of([&] { visible.store({}); }) == Code::no_space);
  CHECK(code_of([&] { visible.open({}); }) == Code::io);
  CHECK(visible.capacity().total == 7);
}
