#include "verification.hpp"

#include <catch2/catch.hpp>

#include "backup_copies.hpp"
#include "fermata/testing/kept_jobs.hpp"
#include "fermata/testing/memory_state_store.hpp"
#include "fermata/testing/threads_and_errors.hpp"
#include "scene.hpp"

namespace {

using namespace fermata;
using namespace fermata::backup;
using fermata::testing::code_of;
using State = Finding::State;

/// Finds what a test says, in blobs "1", "2", ...
class FakeIntegrity final : public Integrity {
 public:
  explicit FakeIntegrity(std::vector<State> states) : states_(std::move(states)) {}
  std::unique_ptr<IntegrityWalk> walk(std::string_view after, std::unique_ptr<ObjectCopies>) override {
    return std::make_unique<Walk>(*this, after.empty() ? 0 : std::stoul(std::string(after)));
  }
  std::function<void()> before_each = [] {};

 private:
  class Walk final : public IntegrityWalk {
   public:
    Walk(FakeIntegrity& integrity, std::size_t at) : integrity_(integrity), at_(at) {}
    bool next(Finding& finding) override {
      integrity_.before_each();
      if (at_ == integrity_.states_.size()) return false;
      const auto state = integrity_.states_[at_++];
      key_ = std::to_string(at_);
      finding = {state, key_, 1000, state == State::good ? "" : "it is damaged",
                 state == State::healed ? "repaired from there" : ""};
      return true;
    }

   private:
    FakeIntegrity& integrity_;
    std::size_t at_;
    std::string key_;
  };
  const std::vector<State> states_;
};

class Run final : public JobRun {
 public:
  uint64_t id() override { return 1; }
  std::span<const std::byte> parameters() override { return {}; }
  std::span<const std::byte> checkpoint() override { return std::as_bytes(std::span(saved)); }
  void save(std::span<const std::byte> checkpoint) override {
    saved.assign(reinterpret_cast<const char*>(checkpoint.data()), checkpoint.size());
  }
  void progress(uint64_t, uint64_t, std::string_view message) override { said = message; }
  bool cancelled() override { return stop; }
  std::string saved;
  std::string said;
  bool stop = false;
};

struct Scene {
  testing::MemoryStateStore state;
  fermata::testing::KeptJobs queue;
  local_socket::JobProblems problems;
  VerificationSettings settings;
};

}  // namespace

TEST_CASE("a verification counts what it finds, and its end is remembered") {
  Scene scene;
  FakeIntegrity integrity({State::good, State::healed, State::open});
  int told = 0;
  Verification verification(integrity, scene.state, scene.queue, scene.problems, scene.settings, {}, [&] { ++told; });
  Run run;
  verification.run(run);
  CHECK(told == 1);
  CHECK(scene.problems.of(run.id()) == 1);
  const auto last = verification.last();
  CHECK(last.objects == 3);
  CHECK(last.bytes == 3000);
  CHECK(last.healed == 1);
  CHECK(last.open == 1);
  CHECK(last.ended != 0);
  REQUIRE(last.findings.size() == 2);
  CHECK(last.findings[0] == "2: it is damaged; repaired from there");
  CHECK(verification.trouble().find("1 stored objects are damaged") == 0);
  CHECK(run.said.find("3 objects") == 0);
  Verification restarted(integrity, scene.state, scene.queue, scene.problems, scene.settings, {}, [] {});
  CHECK(restarted.last().open == 1);
}

TEST_CASE("an interrupted verification goes on where it was") {
  Scene scene;
  FakeIntegrity integrity({State::open, State::good, State::good});
  Verification verification(integrity, scene.state, scene.queue, scene.problems, scene.settings, {}, [] {});
  Run run;
  integrity.before_each = [&] { run.stop = true; };
  verification.run(run);
  CHECK(verification.last().ended == 0);
  CHECK_FALSE(run.saved.empty());
  run.stop = false;
  int looked_at = 0;
  integrity.before_each = [&] { ++looked_at; };
  verification.run(run);
  CHECK(looked_at == 3);  // two blobs, and the end
  CHECK(verification.last().objects == 3);
  CHECK(verification.last().open == 1);
}

TEST_CASE("reading is as slow as was asked for") {
  Scene scene;
  FakeIntegrity integrity({State::good, State::good});
  scene.settings.rate = 10'000;
  Verification verification(integrity, scene.state, scene.queue, scene.problems, scene.settings, {}, [] {});
  Run run;
  const auto began = std::chrono::steady_clock::now();
  verification.run(run);
  CHECK(std::chrono::steady_clock::now() - began >= std::chrono::milliseconds(200));
}

TEST_CASE("one verification at a time") {
  Scene scene;
  FakeIntegrity integrity({});
  Verification verification(integrity, scene.state, scene.queue, scene.problems, scene.settings, {}, [] {});
  CHECK(verification.begin("ann") == 1);
  CHECK(code_of([&] { verification.begin("ann"); }) == Code::conflict);
}

TEST_CASE("copies are looked for in the latest backup first, then in older ones, then in mirrors") {
  Folder folder;
  write(folder / "backups/2026-11-26T02-30-00Z/storage/objects/a/1", "older");
  write(folder / "backups/2026-11-27T02-30-00Z/storage/objects/a/1", "later");
  write(folder / "backups/2026-11-27T02-30-00Z/index/CURRENT", "x");
  write(folder / "backups/unfinished/storage/objects/a/1", "half");
  write(folder / "mirror/blobs/objects/a/1", "mirrored");
  BackupCopies copies(folder / "backups", {folder / "mirror", folder / "nowhere"});
  const auto text = [&](uint64_t number) {
    const auto reader = copies.copy("a/1", number);
    std::string found(reader->length(), '\0');
    CHECK(reader->read_at(0, std::as_writable_bytes(std::span(found))) == found.size());
    return found;
  };
  CHECK(text(0) == "later");
  CHECK(copies.place() == (folder / "backups/2026-11-27T02-30-00Z/storage").string());
  CHECK(text(1) == "older");
  CHECK(text(2) == "mirrored");
  CHECK(code_of([&] { text(3); }) == Code::not_found);
  CHECK(code_of([&] { copies.copy("a/2", 0); }) == Code::not_found);
  CHECK(code_of([&] { copies.copy("../x", 0); }) == Code::invalid);
}
