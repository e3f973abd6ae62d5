#include "verifier.hpp"

#include <catch2/catch.hpp>

#include "fakes.hpp"

using namespace fermata;
using namespace fermata::storage_commitment;
using namespace fermata::storage_commitment::testing;

namespace {

struct Scene {
  Scene() { archive.add("1.1", std::string(3'000'000, 'x')); }
  uint16_t verify(const std::string& uid, const std::string& sop_class = kCt) {
    return verifier.verify({sop_class, uid});
  }
  FakeArchive archive;
  Journal journal;
  std::chrono::nanoseconds paused{0};
  int pauses_left = 100;
  Verifier verifier{archive, journal, 1'000'000, [this](std::chrono::nanoseconds time) {
                      paused += time;
                      return --pauses_left > 0;
                    }};
};

}  // namespace

TEST_CASE("an instance that is there, byte for byte, is committed") {
  Scene scene;
  CHECK(scene.verify("1.1") == reason::kCommitted);
}

TEST_CASE("an instance that nobody has stored is not committed") {
  Scene scene;
  CHECK(scene.verify("1.2") == reason::kNoSuchInstance);
}

TEST_CASE("an instance of another SOP class than claimed is not committed") {
  Scene scene;
  CHECK(scene.verify("1.1", kMr) == reason::kClassInstanceConflict);
  CHECK(scene.archive.opened == 0);
}

TEST_CASE("an instance whose bytes have changed is not committed") {
  Scene scene;
  scene.archive.damage("1.1");
  CHECK(scene.verify("1.1") == reason::kProcessingFailure);
}

TEST_CASE("an instance whose file is gone is not committed") {
  Scene scene;
  scene.archive.lose("1.1");
  CHECK(scene.verify("1.1") == reason::kNoSuchInstance);
}

TEST_CASE("reading keeps to the configured rate, and can be interrupted") {
  Scene scene;
  scene.verify("1.1");
  CHECK(scene.paused == std::chrono::seconds(3));
  scene.pauses_left = 2;
  CHECK(scene.verify("1.1") == reason::kUnchecked);
}
