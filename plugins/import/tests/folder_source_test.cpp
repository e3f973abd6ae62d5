#include "sources/folder_source.hpp"

#include <sys/stat.h>
#include <catch2/catch.hpp>

#include "scene.hpp"

using namespace fermata;
using namespace fermata::imports;
using namespace fermata::imports::testing;

namespace {

Texts all(Source& source) {
  Texts names;
  for (Entry entry; source.next(entry);)
    names.push_back(entry.name + (entry.problem.empty() ? "" : ": " + entry.problem));
  return names;
}

Texts after(const fs::path& root, const std::string& position) {
  FolderSource source(root, {});
  source.go_on_after(position);
  return all(source);
}

}  // namespace

TEST_CASE("the files of a folder come in the same order each time, and from any of them on") {
  const Folder folder;
  for (const auto* name : {"b/2", "b/1", "a", "b.x", "c/d/e", "c/d/f", "c/a"}) folder.write(name, "x");
  FolderSource source(folder.path(), {});
  const Texts names{"a", "b/1", "b/2", "b.x", "c/a", "c/d/e", "c/d/f"};
  CHECK(all(source) == names);
  CHECK(source.count([] { return false; }) == 7);
  for (std::size_t i = 0; i < names.size(); ++i)
    CHECK(after(folder.path(), names[i]) == Texts(names.begin() + static_cast<std::ptrdiff_t>(i) + 1, names.end()));
}

TEST_CASE("a position whose file or folder is gone is gone past, and nothing is left out") {
  const Folder folder;
  for (const auto* name : {"a", "c/1", "c/3", "d"}) folder.write(name, "x");
  CHECK(after(folder.path(), "b") == Texts{"c/1", "c/3", "d"});
  CHECK(after(folder.path(), "c/2") == Texts{"c/3", "d"});
  CHECK(after(folder.path(), "c/1/x") == Texts{"c/3", "d"});
}

TEST_CASE("names that are no UTF-8 are shown, and gone on after") {
  const Folder folder;
  folder.write("a\xff", "x");
  folder.write("a%", "x");
  folder.write("b\n", "x");
  FolderSource source(folder.path(), {});
  CHECK(all(source) == Texts{"a%25", "a%FF", "b%0A"});
  CHECK(after(folder.path(), "a%FF") == Texts{"b%0A"});
}

TEST_CASE("links are followed where they may be, and listed where not") {
  const Folder folder, other;
  folder.write("in/file", "x");
  other.write("out", "y");
  fs::create_symlink(other / "out", folder / "to-file");
  fs::create_directory_symlink(other.path(), folder / "to-folder");
  fs::create_directory_symlink(folder.path(), folder / "in/loop");
  fs::create_symlink(folder / "nothing", folder / "nowhere");
  ::mkfifo((folder / "pipe").c_str(), 0600);
  FolderSource anywhere(folder.path(), {});
  CHECK(all(anywhere) == Texts{"in/file", "in/loop: a link to a folder that it lies in is not followed",
                               "nowhere: a link that leads nowhere", "pipe: it is neither a file nor a folder",
                               "to-file", "to-folder/out"});
  FolderSource::Rules rules;
  rules.may_read = [&](const fs::path& target) { return lies_in(target, folder.path()); };
  FolderSource confined(folder.path(), rules);
  CHECK(all(confined) == Texts{"in/file", "in/loop: a link to a folder that it lies in is not followed",
                               "nowhere: a link that leads nowhere", "pipe: it is neither a file nor a folder",
                               "to-file: a link that leads out of the folders that may be imported",
                               "to-folder: a link that leads out of the folders that may be imported"});
}

TEST_CASE("a folder is not taken for another whose name begins alike") {
  CHECK(lies_in("/import/a/b", "/import/a"));
  CHECK(lies_in("/import/a", "/import/a/"));
  CHECK_FALSE(lies_in("/import/ab", "/import/a"));
  CHECK_FALSE(lies_in("/import", "/import/a"));
  CHECK(lies_in("/import", "/"));
}
