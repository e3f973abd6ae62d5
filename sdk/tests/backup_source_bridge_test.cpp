#include <catch2/catch.hpp>

#include <algorithm>
#include <cstring>
#include <string>

#include "fermata/backup_source.hpp"
#include "fermata/command.hpp"
#include "fermata/testing/threads_and_errors.hpp"
#include "fermata/testing/through_boundary.hpp"

using namespace fermata;
using namespace fermata::testing;

namespace {

class TextReader final : public BlobReader {
 public:
  explicit TextReader(std::string text) : text_(std::move(text)) {}
  uint64_t length() override { return text_.size(); }
  uint64_t read_at(uint64_t offset, std::span<std::byte> into) override {
    const auto count = std::min<uint64_t>(text_.size() - offset, into.size());
    std::memcpy(into.data(), text_.data() + offset, count);
    return count;
  }

 private:
  const std::string text_;
};

class FakeSource final : public BackupSource {
 public:
  class Session final : public BackupSession {
   public:
    explicit Session(FakeSource& source) : source_(source) { ++source_.held; }
    ~Session() override { --source_.held; }
    void capture() override { captured_ = true; }
    bool next(BackupFile& file) override {
      if (!captured_) throw Error(Code::internal, "nothing was captured");
      if (++at_ > 1) return false;
      file = {"objects/1", 5'000'000'000, 1'764'282'942'000'000'001, "/data/objects/1"};
      return true;
    }
    std::unique_ptr<BlobReader> open(std::string_view name) override {
      if (name != "objects/1") throw Error(Code::not_found, "no such file");
      return std::make_unique<TextReader>("content");
    }

   private:
    FakeSource& source_;
    bool captured_ = false;
    int at_ = 0;
  };
  std::string_view place() override { return "/data"; }
  std::unique_ptr<BackupSession> begin() override { return std::make_unique<Session>(*this); }
  int held = 0;
};

class OldVerb final : public Command {
 public:
  std::string_view name() override { return "old"; }
  std::string_view summary() override { return "As it always was"; }
  int32_t run(std::span<const std::string_view>) override { return 3; }
};

class EarlyVerb final : public Command {
 public:
  std::string_view name() override { return "early"; }
  std::string_view summary() override { return "Needs nobody else, if told so"; }
  int32_t run(std::span<const std::string_view>) override { return 4; }
  bool needs_plugins(std::span<const std::string_view> arguments) override {
    return arguments.size() != 1 || arguments[0] != "alone";
  }
};

}  // namespace

TEST_CASE("a source of a backup is used through the boundary") {
  FakeSource source;
  const auto remote = through_boundary<BackupSource>(source);
  CHECK(remote->place() == "/data");
  auto session = remote->begin();
  CHECK(source.held == 1);
  BackupFile file;
  CHECK(code_of([&] { session->next(file); }) == Code::internal);
  session->capture();
  REQUIRE(session->next(file));
  CHECK(file.name == "objects/1");
  CHECK(file.length == 5'000'000'000);
  CHECK(file.version == 1'764'282'942'000'000'001);
  CHECK(file.path == "/data/objects/1");
  CHECK(session->open("objects/1")->length() == 7);
  CHECK(code_of([&] { session->open("objects/2"); }) == Code::not_found);
  CHECK_FALSE(session->next(file));
  session.reset();
  CHECK(source.held == 0);
}

TEST_CASE("a verb says whether it needs the other plugins; one of an older SDK does") {
  EarlyVerb early;
  OldVerb old;
  const std::string_view alone = "alone";
  CHECK_FALSE(through_boundary<Command>(early)->needs_plugins({&alone, 1}));
  CHECK(through_boundary<Command>(early)->needs_plugins({}));
  CHECK(through_boundary<Command>(old)->needs_plugins({}));

  auto shorter = *bridge::Bridge<Command>::table();
  shorter.size = offsetof(fermata_command_vt, needs_plugins);
  bridge::Bridge<Command>::Proxy proxy(&shorter, static_cast<Command*>(&early));
  CHECK(proxy.needs_plugins({&alone, 1}));
}
