#include "viewer.hpp"

#include <catch2/catch.hpp>

#include "fermata/error.hpp"
#include "fermata/testing/http_exchange.hpp"
#include "fermata/testing/temporary_folder.hpp"

using fermata::Code;
using fermata::Error;
using fermata::HttpRequest;
using fermata::testing::GivenRequest;
using fermata::testing::KeptResponse;
using fermata::testing::TemporaryFolder;
using fermata::viewer::open_installation;
using fermata::viewer::Settings;
using fermata::viewer::Viewer;

namespace {

/// A request to a server that its clients see under a path of another one.
class BehindProxy final : public HttpRequest {
 public:
  BehindProxy(GivenRequest& request, std::string base) : request_(request), base_(std::move(base)) {}
  std::string_view method() override { return request_.method(); }
  std::string_view path() override { return request_.path(); }
  std::string_view query() override { return request_.query(); }
  std::string_view parameter(std::string_view name) override { return request_.parameter(name); }
  std::string_view header(std::string_view name) override { return request_.header(name); }
  std::string_view base_url() override { return base_; }
  std::string_view peer_address() override { return request_.peer_address(); }
  std::string_view user() override { return request_.user(); }
  std::string_view id() override { return request_.id(); }
  uint64_t read(std::span<std::byte> into) override { return request_.read(into); }

 private:
  GivenRequest& request_;
  const std::string base_;
};

struct Site {
  Site() {
    folder.write("index.html",
                 "<script src=\"{{viewer}}/app-config.js\"></script><script src=\"{{viewer}}/1.0/a.js\">");
    folder.write("app-config.js", "a='{{viewer}}/1.0/'; b='{{dicomweb}}'; c='{{wado_uri}}';");
    folder.write("static/1.0/a.js", "program");
    folder.write("static/1.0/decoder.js", "worker");
    folder.write("workers.txt", "1.0/decoder.js\n");
  }

  KeptResponse get(const std::string& path, const std::string& query = {},
                   const std::string& base = "https://archive.example:8443") {
    Viewer viewer(settings, open_installation(folder.path()));
    GivenRequest given;
    given.parameters["path"] = path;
    given.query_given = query;
    BehindProxy request(given, base);
    KeptResponse response;
    viewer.handle(request, response);
    return response;
  }

  TemporaryFolder folder;
  Settings settings;
};

}  // namespace

TEST_CASE("The page knows where the program is, and is asked for again each time") {
  auto response = Site().get("");
  CHECK(response.code == 200);
  CHECK(response.headers["content-type"] == "text/html; charset=utf-8");
  CHECK(response.headers["cache-control"] == "no-cache");
  CHECK(response.body == "<script src=\"/viewer/app-config.js\"></script><script src=\"/viewer/1.0/a.js\">");
}

TEST_CASE("The configuration names this archive's services") {
  Site site;
  site.settings.dicomweb = "/rs";
  auto response = site.get("app-config.js");
  CHECK(response.headers["content-type"] == "text/javascript; charset=utf-8");
  CHECK(response.headers["cache-control"] == "no-cache");
  CHECK(response.body == "a='/viewer/1.0/'; b='/rs'; c='/wado';");
}

TEST_CASE("Under the path of a proxy, and at a path of one's own, everything moves along") {
  Site site;
  site.settings.path = "/ohif";
  CHECK(site.get("app-config.js", {}, "https://hospital.example/pacs").body ==
        "a='/pacs/ohif/1.0/'; b='/pacs/dicom-web'; c='/pacs/wado';");
  CHECK(site.get("", "StudyInstanceUIDs=1.2", "https://hospital.example/pacs").headers["location"] ==
        "/pacs/ohif/viewer?StudyInstanceUIDs=1.2");
}

TEST_CASE("A path that could say more in a page than a path is refused") {
  for (const auto* base : {"https://a/'; steal()", "https://a/<script>", "https://a//elsewhere.example"}) {
    CAPTURE(base);
    CHECK_THROWS_AS(Site().get("app-config.js", {}, base), Error);
    CHECK_THROWS_AS(Site().get("", "StudyInstanceUIDs=1", base), Error);
  }
}

TEST_CASE("The viewer's own addresses all give its page") {
  for (const auto* path : {"", "viewer", "viewer/", "segmentation", "viewer/dicomweb", "notfoundstudy"}) {
    CAPTURE(path);
    const auto response = Site().get(path, path[0] == '\0' ? "patientName=x" : "StudyInstanceUIDs=1.2.3");
    CHECK(response.code == 200);
    CHECK_THAT(response.body, Catch::Contains("app-config.js"));
  }
}

TEST_CASE("Studies at the viewer's own path open in the viewer, not in the study list") {
  for (const auto* query :
       {"StudyInstanceUIDs=1.2.3", "studyinstanceuids=1.2.3%2C4", "a=b&StudyInstanceUIDs=1.2&c=d"}) {
    auto response = Site().get("", query);
    CHECK(response.code == 302);
    CHECK(response.headers["location"] == std::string("/viewer/viewer?") + query);
    CHECK(response.body.empty());
  }
  CHECK(Site().get("", "NoStudyInstanceUIDs=1").code == 200);
  CHECK(Site().get("", "a=StudyInstanceUIDs=1").code == 200);
}

TEST_CASE("Files are answered as they are") {
  auto response = Site().get("1.0/a.js");
  CHECK(response.body == "program");
  CHECK_THAT(response.headers["cache-control"], Catch::Contains("immutable"));
}

TEST_CASE("A file that is not there is an error, not a page") {
  for (const auto* path : {"0.9/a.js", "1.0/b.js", "favicon.ico", "../index.html", "static/1.0/a.js"}) {
    CAPTURE(path);
    try {
      Site().get(path);
      FAIL("it was answered");
    } catch (const Error& e) {
      CHECK(e.code() == Code::not_found);
    }
  }
}

TEST_CASE("Every answer tells the browser to reach for nothing but this server") {
  for (const auto* path : {"", "app-config.js", "1.0/a.js", "1.0/decoder.js"}) {
    auto response = Site().get(path);
    const auto policy = response.headers["content-security-policy"];
    CHECK_THAT(policy, Catch::StartsWith("default-src 'none'") && Catch::Contains("connect-src 'self'"));
    CHECK_THAT(policy, !Catch::Contains("http") && !Catch::Contains("*"));
  }
}

TEST_CASE("Nothing but the workers that decode may make functions at run time") {
  for (const auto* path : {"", "app-config.js", "1.0/a.js"}) {
    CAPTURE(path);
    const auto policy = Site().get(path).headers["content-security-policy"];
    CHECK_THAT(policy, Catch::Contains("script-src 'self' 'wasm-unsafe-eval';"));
    CHECK_THAT(policy, !Catch::Contains("'unsafe-eval'"));
  }
  const auto policy = Site().get("1.0/decoder.js").headers["content-security-policy"];
  CHECK_THAT(policy, Catch::Contains("script-src 'self' 'unsafe-eval';") && Catch::Contains("connect-src 'self'"));
}
