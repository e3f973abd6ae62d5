#include "manifest.hpp"

#include <catch2/catch.hpp>

#include "fermata/testing/threads_and_errors.hpp"
#include "scene.hpp"

namespace {

using namespace fermata;
using namespace fermata::backup;
using fermata::testing::code_of;

ManifestFile file(const std::string& name, uint64_t length) {
  ManifestFile file;
  file.checksum[0] = 0xab;
  file.length = length;
  file.version = 7;
  file.name = name;
  return file;
}

void write_manifest(const fs::path& folder) {
  fs::create_directories(folder);
  ManifestWriter writer(folder, "abc", {{"storage", "/var/lib/the archive/blobs"}});
  writer.add(file("storage/objects/1", 5'000'000'000));
  writer.add(file("storage/a name", 2));
  writer.add_unreadable("storage/objects/3");
  writer.finish();
}

bool is_complete(const fs::path& folder) {
  ManifestReader reader(folder);
  for (ManifestFile entry; reader.next(entry);) {
  }
  return reader.complete();
}

}  // namespace

TEST_CASE("a manifest is read as it was written") {
  Folder folder;
  write_manifest(folder / "m");
  ManifestReader reader(folder / "m");
  CHECK(reader.id() == "abc");
  REQUIRE(reader.sources().size() == 1);
  CHECK(reader.sources()[0].name == "storage");
  CHECK(reader.sources()[0].place == "/var/lib/the archive/blobs");
  ManifestFile entry;
  REQUIRE(reader.next(entry));
  CHECK(entry.checksum[0] == 0xab);
  CHECK(entry.length == 5'000'000'000);
  CHECK(entry.version == 7);
  CHECK(entry.name == "storage/objects/1");
  REQUIRE(reader.next(entry));
  CHECK(entry.name == "storage/a name");
  CHECK_FALSE(reader.next(entry));
  CHECK(reader.complete());
  CHECK(reader.unreadable() == std::vector<std::string>{"storage/objects/3"});
  CHECK(reader.bytes() == 5'000'000'002);
}

TEST_CASE("a manifest that is cut off anywhere is not complete") {
  Folder folder;
  write_manifest(folder / "m");
  const auto text = text_of(folder / "m/manifest.txt");
  for (std::size_t length = text.find("\n\n") + 2; length < text.size(); ++length) {
    write(folder / "m/manifest.txt", text.substr(0, length));
    CHECK_FALSE(is_complete(folder / "m"));
  }
}

TEST_CASE("a manifest with any other character is damaged") {
  Folder folder;
  write_manifest(folder / "m");
  const auto text = text_of(folder / "m/manifest.txt");
  for (std::size_t at = 0; at < text.size(); ++at) {
    auto changed = text;
    changed[at] = changed[at] == '3' ? '4' : '3';
    write(folder / "m/manifest.txt", changed);
    bool good = false;
    try {
      good = is_complete(folder / "m");
    } catch (const Error&) {
    }
    INFO(at);
    CHECK_FALSE(good);
  }
}

TEST_CASE("a manifest of a newer version is not guessed at, and names in it lead nowhere else") {
  Folder folder;
  write(folder / "m/manifest.txt", "fermata-backup 2\n\n");
  CHECK(code_of([&] { ManifestReader{folder / "m"}; }) == Code::unsupported);
  const std::string zeros(32, '0');
  for (const auto* name : {"../x", "a/../../x", "/etc/passwd", "a//b", "a/."}) {
    write(folder / "m/manifest.txt", "fermata-backup 1\n\nfile " + zeros + " 1 0 " + name + "\n");
    ManifestReader reader(folder / "m");
    ManifestFile entry;
    CHECK(code_of([&] { reader.next(entry); }) == Code::corrupt);
  }
}
