#include "logged_index.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "fermata/testing/index_probe.hpp"

namespace {

namespace fs = std::filesystem;
using namespace fermata;
using testing::IndexProbe;
using testing::SampleInstance;
using your_plugin::LoggedIndex;

// Whether it keeps what an index promises, fermata-plugin-check tries. Here stands what is this one's own.

class TemporaryFile {
 public:
  TemporaryFile() {
    auto name = (fs::temp_directory_path() / "your-plugin-XXXXXX").string();
    const int descriptor = ::mkstemp(name.data());
    REQUIRE(descriptor >= 0);
    ::close(descriptor);
    path = name;
  }
  ~TemporaryFile() { fs::remove(path); }
  fs::path path;
};

int64_t time_of_last_change(Index& index) {
  const auto cursor = index.changes(0);
  int64_t time = 0;
  for (Change change; cursor->next(change);) time = change.time_us;
  return time;
}

}  // namespace

TEST_CASE("changes keep their times") {
  const TemporaryFile log;
  int64_t time = 0;
  {
    LoggedIndex index(log.path);
    IndexProbe(index).store(SampleInstance("1", "1.1", "1.1.1"));
    time = time_of_last_change(index);
  }
  LoggedIndex again(log.path);
  CHECK(time_of_last_change(again) == time);
}

TEST_CASE("what was half written when the power went is cut off") {
  const TemporaryFile log;
  {
    LoggedIndex index(log.path);
    IndexProbe(index).store(SampleInstance("1", "1.1", "1.1.1"));
    IndexProbe(index).store(SampleInstance("1", "1.1", "1.1.2"));
  }
  fs::resize_file(log.path, fs::file_size(log.path) - 3);
  {
    LoggedIndex index(log.path);
    CHECK(IndexProbe(index).instances() == std::vector<std::string>{"1.1.1"});
    IndexProbe(index).store(SampleInstance("1", "1.1", "1.1.3"));
  }
  LoggedIndex again(log.path);
  CHECK(IndexProbe(again).instances() == std::vector<std::string>{"1.1.1", "1.1.3"});
}

TEST_CASE("a file that can't be opened is named") {
  CHECK_THROWS_WITH(LoggedIndex("/proc/nowhere.log"), Catch::Contains("/proc/nowhere.log"));
}
