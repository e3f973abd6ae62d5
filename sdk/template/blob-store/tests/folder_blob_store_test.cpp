#include "folder_blob_store.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "fermata/error.hpp"

namespace {

namespace fs = std::filesystem;
using your_plugin::FolderBlobStore;

// Whether it keeps what a blob store promises, fermata-plugin-check tries. Here stands what is this one's own.

class TemporaryFolder {
 public:
  TemporaryFolder() {
    auto name = (fs::temp_directory_path() / "your-plugin-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~TemporaryFolder() { fs::remove_all(path); }
  fs::path path;
};

}  // namespace

TEST_CASE("a blob is a file under its key") {
  const TemporaryFolder folder;
  FolderBlobStore store(folder.path);
  const std::string_view text = "content";
  const auto writer = store.create("2026/01/31/0001.dcm");
  writer->append(std::as_bytes(std::span(text.data(), text.size())));
  writer->commit();
  std::ifstream file(folder.path / "blobs/2026/01/31/0001.dcm");
  std::string content;
  std::getline(file, content);
  CHECK(content == "content");
}

TEST_CASE("what an earlier run has not committed is gone at the next start") {
  const TemporaryFolder folder;
  fs::create_directories(folder.path / "incoming");
  std::ofstream(folder.path / "incoming/7") << "half a blob";
  const FolderBlobStore store(folder.path);
  CHECK(fs::is_empty(folder.path / "incoming"));
}

TEST_CASE("a folder that can't be made is named") {
  CHECK_THROWS_WITH(FolderBlobStore("/proc/nowhere"), Catch::Contains("/proc/nowhere"));
}
