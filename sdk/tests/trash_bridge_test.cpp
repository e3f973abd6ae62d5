#include <catch2/catch.hpp>

#include <string>

#include "fermata/testing/threads_and_errors.hpp"
#include "fermata/testing/through_boundary.hpp"
#include "fermata/trash.hpp"

using namespace fermata;
using namespace fermata::testing;

namespace {

std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

class FakeTrash final : public Trash {
 public:
  class Cursor final : public DiscardedStudyCursor {
   public:
    bool next(DiscardedStudy& study) override {
      if (++at_ > 2) return false;
      uid_ = "1." + std::to_string(at_);
      study = {uid_, bytes(std::string_view("data\0set", 8)), "ann", -1, 5'000'000'000, 3, 6'000'000'000};
      return true;
    }

   private:
    int at_ = 0;
    std::string uid_;
  };
  uint64_t discard(std::string_view study, std::string_view user, int64_t purge_us) override {
    if (study.empty()) throw Error(Code::conflict, "it is just being restored");
    seen = "discard " + std::string(study) + " by " + std::string(user) + " until " + std::to_string(purge_us);
    return 5'000'000'000;
  }
  uint64_t restore(std::string_view study) override {
    seen = "restore " + std::string(study);
    return 2;
  }
  uint64_t purge(std::string_view study) override {
    if (study == "1.9") throw Error(Code::not_found, "no such study");
    seen = "purge " + std::string(study);
    return 3;
  }
  std::unique_ptr<DiscardedStudyCursor> list() override { return std::make_unique<Cursor>(); }
  std::string seen;
};

}  // namespace

TEST_CASE("a trash is used through the boundary") {
  FakeTrash trash;
  const auto remote = through_boundary<Trash>(trash);
  CHECK(remote->discard("1.1", "ann", -7) == 5'000'000'000);
  CHECK(trash.seen == "discard 1.1 by ann until -7");
  CHECK(remote->restore("1.1") == 2);
  CHECK(trash.seen == "restore 1.1");
  CHECK(remote->purge("1.1") == 3);
  CHECK(trash.seen == "purge 1.1");
  CHECK(code_of([&] { remote->discard("", "ann", 0); }) == Code::conflict);
  CHECK(code_of([&] { remote->purge("1.9"); }) == Code::not_found);

  const auto cursor = remote->list();
  DiscardedStudy study;
  REQUIRE(cursor->next(study));
  CHECK(study.study_instance_uid == "1.1");
  CHECK(study.identifier.size() == 8);
  CHECK(study.user == "ann");
  CHECK(study.discarded_us == -1);
  CHECK(study.purge_us == 5'000'000'000);
  CHECK(study.instances == 3);
  CHECK(study.bytes == 6'000'000'000);
  REQUIRE(cursor->next(study));
  CHECK(study.study_instance_uid == "1.2");
  CHECK_FALSE(cursor->next(study));
}
