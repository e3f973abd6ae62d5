#include "path.hpp"

#include <catch2/catch.hpp>

#include "json_text.hpp"
#include "problem.hpp"
#include "site.hpp"

using namespace fermata::http;
using Segments = std::vector<std::string>;

TEST_CASE("a path is its segments") {
  CHECK(path_segments("/") == Segments{""});
  CHECK(path_segments("/a/b") == Segments{"a", "b"});
  CHECK(path_segments("/a/b/") == Segments{"a", "b", ""});
  CHECK(path_segments("//a") == Segments{"", "a"});
  CHECK(path_segments("/a%2fb/%25/...") == Segments{"a/b", "%", "..."});
}

TEST_CASE("a path that could be read in two ways is refused") {
  for (const auto* path : {"/..", "/a/../b", "/./a", "/a/%2e%2E/b", "/.%2e", "/%2e", "/a%00b", "/a%0d%0aSet-Cookie:x",
                           "/a%7f", "/%", "/%4", "/%zz", "/a%2"}) {
    INFO(path);
    CHECK_THROWS_AS(path_segments(path), Problem);
  }
}

TEST_CASE("the server's prefix is taken off where it is a prefix of segments") {
  CHECK(without_prefix("/pacs/a", "/pacs") == "/a");
  CHECK(without_prefix("/pacs", "/pacs") == "/");
  CHECK(without_prefix("/pacsa", "/pacs") == "/pacsa");
  CHECK(without_prefix("/a", "/pacs") == "/a");
  CHECK(without_prefix("/a", "") == "/a");
}

TEST_CASE("JSON text is valid whatever is in it") {
  std::string json;
  append_json(json, "a\"b\\c\nd\x01 ä\xff\xc3 \xed\xa0\x80 \xf0\x9f\x98\x80");
  CHECK(json ==
        "\"a\\\"b\\\\c\\nd\\u0001 ä\xef\xbf\xbd\xef\xbf\xbd \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd \xf0\x9f\x98\x80\"");
}
