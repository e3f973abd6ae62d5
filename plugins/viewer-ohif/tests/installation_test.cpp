#include "installation.hpp"

#include <catch2/catch.hpp>

#include "fermata/error.hpp"
#include "fermata/testing/temporary_folder.hpp"

using fermata::Code;
using fermata::Error;
using fermata::testing::TemporaryFolder;
using fermata::viewer::built_in_folder;
using fermata::viewer::open_installation;

TEST_CASE("An installation is its templates, its folder of files and the list of its workers") {
  const TemporaryFolder folder;
  folder.write("index.html", "<p>");
  folder.write("app-config.js", "window.config");
  folder.write("workers.txt", "1.0/a.js\n1.0/b.js\n");
  const auto installation = open_installation(folder.path());
  CHECK(installation.page == "<p>");
  CHECK(installation.configuration == "window.config");
  CHECK(installation.function_makers == std::set<std::string, std::less<>>{"1.0/a.js", "1.0/b.js"});
  CHECK(installation.static_folder == folder.path() / "static");
}

TEST_CASE("Where the viewer was not fetched, the error says the folder and the command") {
  const TemporaryFolder folder;
  try {
    open_installation(folder.path() / "none");
    FAIL("it was opened");
  } catch (const Error& e) {
    CHECK(e.code() == Code::not_found);
    CHECK_THAT(e.what(), Catch::Contains("plugins/viewer-ohif/fetch.sh " + (folder.path() / "none").string()));
    CHECK_THAT(e.what(), Catch::Contains("enabled: false"));
  }
}

TEST_CASE("Half of an installation is none") {
  const TemporaryFolder folder;
  folder.write("index.html", "<p>");
  CHECK_THROWS_WITH(open_installation(folder.path()), Catch::Contains("app-config.js"));
}

TEST_CASE("The built-in folder is absolute and named after the plugin") {
  CHECK(built_in_folder().is_absolute());
  CHECK(built_in_folder().filename() == "viewer-ohif");
}
