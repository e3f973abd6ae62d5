#include "web_pages.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "fermata/testing/temporary_folder.hpp"
#include "scene.hpp"

namespace fermata::admin {
namespace {

namespace fs = std::filesystem;
using testing::code_of;
using testing::GivenRequest;
using testing::KeptResponse;

struct Built : fermata::testing::TemporaryFolder {
  Built() {
    write("index.html", "<html><head><title>F</title></head></html>");
    write("favicon.svg", "<svg/>");
    write("assets/index-abc.js", "run()");
  }
};

KeptResponse get(WebPages& pages, const std::string& path) {
  GivenRequest request;
  request.parameters["path"] = path;
  KeptResponse response;
  pages.handle(request, response);
  return response;
}

}  // namespace

TEST_CASE("the page comes with its base") {
  const Built built;
  WebPages pages(built.path());
  const auto page = get(pages, "");
  CHECK(page.body == "<html><head><base href=\"/\"><title>F</title></head></html>");
  CHECK(page.headers.at("cache-control") == "no-cache");
  CHECK(page.headers.at("content-type") == "text/html; charset=utf-8");
  CHECK(page.headers.at("content-security-policy").find("unsafe") == std::string::npos);
}

TEST_CASE("files that are named after their content are kept by browsers") {
  const Built built;
  WebPages pages(built.path());
  const auto script = get(pages, "assets/index-abc.js");
  CHECK(script.body == "run()");
  CHECK(script.headers.at("cache-control").find("immutable") != std::string::npos);
  const auto icon = get(pages, "favicon.svg");
  CHECK(icon.body == "<svg/>");
  CHECK(icon.headers.at("cache-control") == "no-cache");
  CHECK(icon.headers.count("etag") == 1);
}

TEST_CASE("what is not there is not found") {
  const Built built;
  WebPages pages(built.path());
  for (const auto* path : {"assets/other.js", "assets/../index.html", "../secret.txt", "x.js", "api/unknown", "viewer"})
    CHECK(code_of([&] { get(pages, path); }) == Code::not_found);
}

TEST_CASE("without the built application the root says how to build it") {
  WebPages pages("/nowhere");
  CHECK_FALSE(pages.built());
  CHECK(get(pages, "").body.find("--target admin-web") != std::string::npos);
  CHECK(code_of([&] { get(pages, "studies"); }) == Code::not_found);
}

}  // namespace fermata::admin
