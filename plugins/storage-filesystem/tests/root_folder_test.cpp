#include "root_folder.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <optional>

#include "fermata/error.hpp"
#include "fermata/testing/temporary_folder.hpp"

namespace {

using namespace fermata;
using namespace fermata::storage_filesystem;
using fermata::testing::TemporaryFolder;
namespace fs = std::filesystem;

void write(const fs::path& path, const std::string& text) { std::ofstream(path) << text; }

std::optional<Error> error_of_opening(const fs::path& path) {
  try {
    RootFolder root(path);
  } catch (const Error& error) {
    return error;
  }
  return {};
}

TEST_CASE("a missing root is made, with everything above it") {
  TemporaryFolder folder;
  RootFolder root(folder.path() / "a" / "b");
  CHECK(fs::is_directory(folder.path() / "a/b/objects"));
  CHECK(fs::is_directory(folder.path() / "a/b/incoming"));
  CHECK(fs::is_regular_file(folder.path() / "a/b/fermata-blobs.yaml"));
}

TEST_CASE("a folder that holds something else is refused and left as it is") {
  TemporaryFolder folder;
  write(folder.path() / "thesis.txt", "x");
  const auto error = error_of_opening(folder.path());
  REQUIRE(error);
  CHECK(error->code() == Code::invalid);
  CHECK_THAT(error->what(), Catch::Contains("thesis.txt"));
  CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("a fresh file system with its lost+found is taken") {
  TemporaryFolder folder;
  fs::create_directory(folder.path() / "lost+found");
  CHECK_FALSE(error_of_opening(folder.path()));
}

TEST_CASE("a newer format is refused with a sentence that says what to do") {
  TemporaryFolder folder;
  REQUIRE_FALSE(error_of_opening(folder.path()));
  write(folder.path() / "fermata-blobs.yaml", "# comment\nformat: 3\n");
  const auto error = error_of_opening(folder.path());
  REQUIRE(error);
  CHECK(error->code() == Code::unsupported);
  CHECK_THAT(error->what(), Catch::Contains("format 3") && Catch::Contains("start the newer version"));
}

TEST_CASE("a marker without a format is corrupt") {
  TemporaryFolder folder;
  REQUIRE_FALSE(error_of_opening(folder.path()));
  write(folder.path() / "fermata-blobs.yaml", "");
  const auto error = error_of_opening(folder.path());
  REQUIRE(error);
  CHECK(error->code() == Code::corrupt);
}

TEST_CASE("a root in use is refused and its holder named") {
  TemporaryFolder folder;
  {
    RootFolder first(folder.path());
    const auto error = error_of_opening(folder.path());
    REQUIRE(error);
    CHECK(error->code() == Code::unavailable);
    CHECK_THAT(error->what(), Catch::Contains("process " + std::to_string(::getpid())));
  }
  CHECK_FALSE(error_of_opening(folder.path()));
}

TEST_CASE("leftovers of an earlier run are removed and counted") {
  TemporaryFolder folder;
  REQUIRE_FALSE(error_of_opening(folder.path()));
  write(folder.path() / "incoming" / "00000001", "half");
  write(folder.path() / "incoming" / "00000002", "half");
  RootFolder root(folder.path());
  CHECK(root.leftovers() == 2);
  CHECK(fs::is_empty(folder.path() / "incoming"));
}

}  // namespace
