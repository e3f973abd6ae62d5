#include <catch2/catch.hpp>

#include <string>

#include "fermata/integrity.hpp"
#include "fermata/testing/threads_and_errors.hpp"
#include "fermata/testing/through_boundary.hpp"

using namespace fermata;
using namespace fermata::testing;

namespace {

class OneCopy final : public ObjectCopies {
 public:
  explicit OneCopy(bool& alive) : alive_(alive) { alive_ = true; }
  ~OneCopy() override { alive_ = false; }
  std::unique_ptr<BlobReader> copy(std::string_view blob_key, uint64_t number) override {
    if (number > 0) throw Error(Code::not_found, "no more");
    place_ = "backup of " + std::string(blob_key);
    return std::make_unique<Reader>();
  }
  std::string_view place() override { return place_; }
  bool fetch(const InstanceRecord& damaged) override {
    if (damaged.blob_length == 0) throw Error(Code::unavailable, "nobody answers");
    return damaged.sop_instance_uid == "1.2.3";
  }

 private:
  class Reader final : public BlobReader {
   public:
    uint64_t length() override { return 42; }
    uint64_t read_at(uint64_t, std::span<std::byte>) override { return 0; }
  };
  bool& alive_;
  std::string place_;
};

class FakeIntegrity final : public Integrity {
 public:
  class Walk final : public IntegrityWalk {
   public:
    Walk(std::string after, std::unique_ptr<ObjectCopies> copies)
        : after_(std::move(after)), copies_(std::move(copies)) {}
    bool next(Finding& finding) override {
      if (++at_ > 1) return false;
      const auto length = copies_->copy(after_, 0)->length();
      CHECK(code_of([&] { copies_->copy(after_, 1); }) == Code::not_found);
      InstanceRecord damaged;
      CHECK(code_of([&] { copies_->fetch(damaged); }) == Code::unavailable);
      damaged.blob_length = length;
      CHECK_FALSE(copies_->fetch(damaged));
      damaged.sop_instance_uid = "1.2.3";
      CHECK(copies_->fetch(damaged));
      finding = {Finding::State::healed, after_, length, "it is damaged", copies_->place()};
      return true;
    }

   private:
    const std::string after_;
    const std::unique_ptr<ObjectCopies> copies_;
    int at_ = 0;
  };
  std::unique_ptr<IntegrityWalk> walk(std::string_view after, std::unique_ptr<ObjectCopies> copies) override {
    return std::make_unique<Walk>(std::string(after), std::move(copies));
  }
};

}  // namespace

TEST_CASE("a walk over what is stored and the copies it is given cross the boundary") {
  FakeIntegrity integrity;
  bool alive = false;
  auto walk = through_boundary<Integrity>(integrity)->walk("2026/1", std::make_unique<OneCopy>(alive));
  CHECK(alive);
  Finding finding;
  REQUIRE(walk->next(finding));
  CHECK(finding.state == Finding::State::healed);
  CHECK(finding.blob_key == "2026/1");
  CHECK(finding.length == 42);
  CHECK(finding.problem == "it is damaged");
  CHECK(finding.done == "backup of 2026/1");
  CHECK_FALSE(walk->next(finding));
  walk.reset();
  CHECK_FALSE(alive);
}
