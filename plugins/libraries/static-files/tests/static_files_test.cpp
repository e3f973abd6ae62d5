#include "static-files/static_files.hpp"

#include <catch2/catch.hpp>

#include "fermata/error.hpp"
#include "fermata/testing/http_exchange.hpp"
#include "fermata/testing/temporary_folder.hpp"

using fermata::Code;
using fermata::Error;
using fermata::static_files::StaticFiles;
using fermata::testing::GivenRequest;
using fermata::testing::KeptResponse;
using fermata::testing::TemporaryFolder;

TEST_CASE("A file is answered whole, in pieces, and may be kept for ever") {
  const TemporaryFolder folder;
  std::string content(300'000, 'x');
  content[299'999] = 'y';
  folder.write("1.0-abc/app.js", content);
  const StaticFiles files(folder.path());
  GivenRequest request;
  KeptResponse response;
  REQUIRE(files.answer("1.0-abc/app.js", request, response));
  CHECK(response.body == content);
  CHECK(response.largest_write <= 64 * 1024);
  CHECK(response.headers["content-length"] == "300000");
  CHECK(response.headers["content-type"] == "text/javascript; charset=utf-8");
  CHECK(response.headers["cache-control"] == "public, max-age=31536000, immutable");
  CHECK(response.headers["etag"] == "\"1.0-abc/app.js\"");
}

TEST_CASE("No name leads out of the folder, and folders are not listed") {
  const TemporaryFolder folder;
  folder.write("secret.txt", "secret");
  folder.write("static/1.0/app.js", "x");
  const StaticFiles files(folder.path() / "static");
  for (const auto* name :
       {"../secret.txt", "1.0/../../secret.txt", "1.0/..//../secret.txt", "/etc/passwd", "1.0", "1.0/", "", ".",
        "./1.0/app.js", "1.0//app.js", "1.0/app.js/", "1.0\\app.js", "1.0/APP.js"}) {
    GivenRequest request;
    KeptResponse response;
    CAPTURE(name);
    CHECK_FALSE(files.answer(name, request, response));
    CHECK(response.headers.empty());
  }
}

TEST_CASE("A file that changed since the start is not half of one and half of another") {
  const TemporaryFolder folder;
  folder.write("a.js", "one");
  folder.write("b.js", "one");
  const StaticFiles files(folder.path());
  folder.write("a.js", "another");
  std::filesystem::remove(folder.path() / "b.js");
  for (const auto* name : {"a.js", "b.js"}) {
    GivenRequest request;
    KeptResponse response;
    try {
      files.answer(name, request, response);
      FAIL("it was answered");
    } catch (const Error& e) {
      CHECK(e.code() == Code::unavailable);
      CHECK_THAT(e.what(), Catch::Contains(name) && Catch::Contains("restart"));
    }
    CHECK(response.body.empty());
  }
}

TEST_CASE("An empty file is answered too") {
  const TemporaryFolder folder;
  folder.write("empty.css", "");
  const StaticFiles files(folder.path());
  GivenRequest request;
  KeptResponse response;
  CHECK(files.answer("empty.css", request, response));
  CHECK(response.headers["content-length"] == "0");
}

TEST_CASE("A client that leaves ends the answer") {
  const TemporaryFolder folder;
  folder.write("a.js", std::string(1'000'000, 'x'));
  const StaticFiles files(folder.path());
  GivenRequest request;
  KeptResponse response;
  response.give_up_after = 100'000;
  CHECK_THROWS_AS(files.answer("a.js", request, response), Error);
  CHECK(response.body.size() < 300'000);
}

TEST_CASE("A folder without files, or none, is said at the start") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(StaticFiles(folder.path()), Catch::Contains(folder.path().string()));
  CHECK_THROWS_WITH(StaticFiles(folder.path() / "none"), Catch::Contains("install them again"));
}

TEST_CASE("What lies compressed beside a file goes to who accepts it, and the file to all others") {
  const TemporaryFolder folder;
  folder.write("a.js", "plain");
  folder.write("a.js.gz", "small");
  const StaticFiles files(folder.path());
  CHECK(files.count() == 1);
  GivenRequest request;
  request.headers["accept-encoding"] = "gzip, br";
  KeptResponse small;
  REQUIRE(files.answer("a.js", request, small));
  CHECK(small.body == "small");
  CHECK(small.headers["content-encoding"] == "gzip");
  CHECK(small.headers["content-length"] == "5");
  CHECK(small.headers["content-type"] == "text/javascript; charset=utf-8");
  CHECK(small.headers["etag"] == "\"a.js.gz\"");
  CHECK(small.headers["vary"] == "Accept-Encoding");
  CHECK(small.headers.count("accept-ranges") == 0);
  for (const auto* accepted : {"", "br", "gzip;q=0"}) {
    request.headers["accept-encoding"] = accepted;
    KeptResponse plain;
    REQUIRE(files.answer("a.js", request, plain));
    CHECK(plain.body == "plain");
    CHECK(plain.headers.count("content-encoding") == 0);
    CHECK(plain.headers["etag"] == "\"a.js\"");
    CHECK(plain.headers["vary"] == "Accept-Encoding");
  }
}

TEST_CASE("A compressed file is no file of its own unless it stands alone") {
  const TemporaryFolder folder;
  folder.write("a.js", "plain");
  folder.write("a.js.gz", "small");
  folder.write("alone.gz", "alone");
  const StaticFiles files(folder.path());
  GivenRequest request;
  KeptResponse response;
  CHECK_FALSE(files.answer("a.js.gz", request, response));
  REQUIRE(files.answer("alone.gz", request, response));
  CHECK(response.body == "alone");
  CHECK(response.headers.count("content-encoding") == 0);
}

TEST_CASE("A compressed file that changed since the start is not sent") {
  const TemporaryFolder folder;
  folder.write("a.js", "plain");
  folder.write("a.js.gz", "small");
  const StaticFiles files(folder.path());
  std::filesystem::remove(folder.path() / "a.js.gz");
  GivenRequest request;
  request.headers["accept-encoding"] = "gzip";
  KeptResponse response;
  CHECK_THROWS_WITH(files.answer("a.js", request, response), Catch::Contains("a.js.gz"));
  CHECK(response.body.empty());
}
