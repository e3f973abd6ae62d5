#include "open-file/open_file.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>
#include <iterator>

#include "fermata/testing/temporary_folder.hpp"

using namespace fermata;
namespace fs = std::filesystem;

namespace {

std::string content_of(const fs::path& path) {
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

Code code_of(int number) { return system_error(number, "read x").code(); }

}  // namespace

TEST_CASE("a small file is replaced as a whole, also where an interrupted one lies beside it") {
  const testing::TemporaryFolder folder;
  const auto path = folder.path() / "state";
  replace_file(path, "first, and longer");
  std::ofstream(path.string() + ".new") << "half of";
  replace_file(path, "second");
  CHECK(content_of(path) == "second");
  CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("a file that could not be written leaves the one before as it was") {
  const testing::TemporaryFolder folder;
  const auto path = folder.path() / "state";
  replace_file(path, "before");
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{4, before.rlim_max};
  std::signal(SIGXFSZ, SIG_IGN);
  ::setrlimit(RLIMIT_FSIZE, &small);
  CHECK_THROWS_AS(replace_file(path, "longer than that"), Error);
  ::setrlimit(RLIMIT_FSIZE, &before);
  CHECK(content_of(path) == "before");
}

TEST_CASE("a new file is none that was there") {
  const testing::TemporaryFolder folder;
  { auto made = OpenFile::create(folder.path() / "a"); }
  CHECK_THROWS_AS(OpenFile::create(folder.path() / "a"), Error);
  CHECK_THROWS_AS(OpenFile::read(folder.path() / "b"), Error);
  CHECK_THROWS_AS(OpenFile::folder(folder.path() / "a"), Error);
}

TEST_CASE("what the operating system says becomes a code that callers act on") {
  CHECK(code_of(ENOSPC) == Code::no_space);
  CHECK(code_of(ENOENT) == Code::not_found);
  CHECK(code_of(EROFS) == Code::refused);
  CHECK(code_of(EIO) == Code::io);
  CHECK(std::string(system_error(ENOSPC, "write /mnt/x").what()).find("cannot write /mnt/x: ") == 0);
}
