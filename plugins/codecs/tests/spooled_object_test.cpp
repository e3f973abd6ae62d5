#include "spooled_object.hpp"

#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <random>

#include "fermata/error.hpp"
#include "fermata/testing/threads_and_errors.hpp"

using namespace fermata;
using namespace fermata::codecs;
using fermata::testing::code_of;

namespace {

std::byte byte_at(uint64_t i) { return static_cast<std::byte>((i * 2654435761u) >> 13); }

/// So many bytes; what comes after `breaks_at` can't be made.
class Numbers final : public ByteSource {
 public:
  explicit Numbers(uint64_t length, uint64_t breaks_at = UINT64_MAX) : length_(length), breaks_at_(breaks_at) {}
  std::size_t read(std::span<std::byte> into) override {
    std::size_t done = 0;
    for (; done < into.size() && at_ < length_; ++done, ++at_) {
      if (at_ == breaks_at_) throw Error(Code::corrupt, "it is broken");
      into[done] = byte_at(at_);
    }
    return done;
  }

 private:
  uint64_t length_;
  uint64_t breaks_at_;
  uint64_t at_ = 0;
};

const auto kFolder = std::filesystem::temp_directory_path();

}  // namespace

TEST_CASE("what was spooled can be read from anywhere, by several threads, in memory and beyond it") {
  for (const uint64_t length : {uint64_t{0}, uint64_t{1}, uint64_t{65536}, uint64_t{SpooledObject::kInMemory},
                                uint64_t{SpooledObject::kInMemory} + 1, uint64_t{3'456'789}}) {
    SpooledObject object(std::make_unique<Numbers>(length), kFolder);
    std::atomic<int> wrong = 0;
    fermata::testing::in_threads(4, [&](std::size_t n) {
      std::mt19937_64 random(n);
      std::vector<std::byte> piece(9000);
      for (int i = 0; i < 200; ++i) {
        const auto at = random() % (length + 100);
        const auto count = object.read_at(at, piece);
        if (count != std::min<uint64_t>(piece.size(), at < length ? length - at : 0)) ++wrong;
        for (uint64_t k = 0; k < count; k += 97)
          if (piece[k] != byte_at(at + k)) ++wrong;
      }
    });
    CHECK(wrong == 0);
    CHECK(object.length() == length);
  }
}

TEST_CASE("a length that is known is told before anything was made") {
  SpooledObject object(std::make_unique<Numbers>(10, 0), kFolder, 10);
  CHECK(object.length() == 10);
}

TEST_CASE("a source that breaks stays broken, and what came before can be read") {
  SpooledObject object(std::make_unique<Numbers>(200000, 100000), kFolder);
  std::vector<std::byte> piece(1000);
  CHECK(object.read_at(1000, piece) == 1000);
  for (int i = 0; i < 3; ++i) {
    CHECK(code_of([&] { object.length(); }) == Code::corrupt);
    CHECK(code_of([&] { object.read_at(99900, piece); }) == Code::corrupt);
    CHECK(object.read_at(1000, piece) == 1000);
  }
}

TEST_CASE("the spool leaves no file, and names its folder where it can't write") {
  const auto folder = kFolder / ("fermata-spool-test-" + std::to_string(::getpid()));
  std::filesystem::create_directory(folder);
  {
    SpooledObject object(std::make_unique<Numbers>(3'000'000), folder);
    CHECK(object.length() == 3'000'000);
    CHECK(std::filesystem::is_empty(folder));
  }
  std::filesystem::remove(folder);
  SpooledObject object(std::make_unique<Numbers>(3'000'000), folder);
  try {
    object.length();
    FAIL("there is no such folder");
  } catch (const Error& error) {
    CHECK(error.code() == Code::io);
    CHECK_THAT(error.what(), Catch::Contains(folder.string()) && Catch::Contains("spool_folder"));
  }
}
