#include <catch2/catch.hpp>

#include <string>

#include "fermata/index_renewal.hpp"
#include "fermata/testing/memory_index.hpp"
#include "fermata/testing/sample_instance.hpp"
#include "fermata/testing/threads_and_errors.hpp"
#include "fermata/testing/through_boundary.hpp"

using namespace fermata;
using namespace fermata::testing;

namespace {

/// One new index, which says in words what it was told.
class FakeRenewal final : public IndexRenewal {
 public:
  class Made final : public NewIndex {
   public:
    explicit Made(FakeRenewal& in) : in_(in) { in_.alive = true; }
    ~Made() override { in_.alive = false; }
    std::string_view position() override { return in_.position; }
    void put(const InstanceRecord& record) override {
      const auto transaction = in_.index.begin(record.study_instance_uid);
      transaction->upsert(record);
      transaction->commit();
    }
    std::unique_ptr<InstanceCursor> instances(const Selection& selection) override {
      return in_.index.instances(selection);
    }
    void save(std::string_view position) override { in_.position = position; }
    uint64_t catch_up(uint64_t most) override { return most / 2; }
    IndexStatistics statistics() override { return in_.index.statistics(); }
    void take_over() override { in_.taken_over = true; }

   private:
    FakeRenewal& in_;
  };
  std::unique_ptr<NewIndex> begin() override { return std::make_unique<Made>(*this); }
  std::unique_ptr<NewIndex> resume() override { throw Error(Code::not_found, "none"); }
  bool abandon() override { return !std::exchange(position, {}).empty(); }

  MemoryIndex index;
  std::string position;
  bool alive = false;
  bool taken_over = false;
};

}  // namespace

TEST_CASE("an index that is made anew crosses the boundary, and ends with its owner") {
  FakeRenewal fake;
  const auto renewal = through_boundary<IndexRenewal>(fake);
  CHECK(code_of([&] { renewal->resume(); }) == Code::not_found);
  auto made = renewal->begin();
  CHECK(fake.alive);
  const SampleInstance instance("1.1", "1.1.1", "1.1.1.1");
  made->put(instance.record());
  CHECK(made->statistics().instances == 1);
  const auto cursor = made->instances({});
  InstanceRecord record;
  REQUIRE(cursor->next(record));
  CHECK(record.sop_instance_uid == "1.1.1.1");
  made->save("as far as here");
  CHECK(made->position() == "as far as here");
  CHECK(made->catch_up(10) == 5);
  made->take_over();
  CHECK(fake.taken_over);
  made.reset();
  CHECK_FALSE(fake.alive);
  CHECK(renewal->abandon());
  CHECK_FALSE(renewal->abandon());
}
