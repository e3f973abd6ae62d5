#include <catch2/catch.hpp>

#include "fermata/testing/http_exchange.hpp"
#include "instance-files/file_head.hpp"
#include "problem.hpp"
#include "store_scene.hpp"

using namespace fermata;
using namespace fermata::dicomweb;
using namespace fermata::dicomweb::testing;
using namespace std::string_literals;
using Strings = std::vector<std::string>;

namespace {

Object numbered(int i) {
  Object object;
  object.sop_instance = "1.2.3.4." + std::to_string(i);
  return object;
}

Code code_of(const std::function<void()>& step) {
  try {
    step();
  } catch (const Error& error) {
    return error.code();
  }
  return Code::internal;
}

}  // namespace

TEST_CASE("files in parts are stored, and the report says where they are") {
  StoreScene scene;
  const auto response = scene.post_files({file_of(numbered(5)), file_of(numbered(6))});
  CHECK(response.code == 200);
  CHECK(response.headers.at("content-type") == "application/dicom+json");
  const Report report(response);
  CHECK(report.study_url() == "http://archive.example/dicom-web/studies/1.2.3");
  CHECK(report.stored() == Strings{"1.2.3.4.5", "1.2.3.4.6"});
  CHECK(report.urls()[1] == "http://archive.example/dicom-web/studies/1.2.3/series/1.2.3.4/instances/1.2.3.4.6");
  CHECK(report.failed().empty());
  CHECK(scene.stores.read("1.2.3.4.6") == numbered(6).encode());
}

TEST_CASE("reads of any size give the same objects") {
  Object large = numbered(7);
  large.pixels = 5000;
  const auto body =
      StoreScene::body_of({{"application/dicom", file_of(numbered(5)), ""}, {"application/dicom", file_of(large), ""}});
  for (const std::size_t piece : {1u, 2u, 3u, 143u, 144u, 145u, 1000u, 100000u}) {
    StoreScene scene;
    CHECK(scene.post("multipart/related; type=application/dicom; boundary=\"b-1\"", body, "", "", piece).code == 200);
    CHECK(scene.stores.read("1.2.3.4.5") == numbered(5).encode());
    CHECK(scene.stores.read("1.2.3.4.7") == large.encode());
  }
}

TEST_CASE("one file may be the whole body") {
  StoreScene scene;
  CHECK(scene.post("application/dicom", file_of(Object())).code == 200);
  CHECK(scene.stores.read("1.2.3.4.5") == Object().encode());
  CHECK(scene.post("application/dicom", "nonsense").code == 409);
  CHECK(scene.post("application/dicom", "").code == 409);
}

TEST_CASE("hundreds of files in one request are stored in their order") {
  StoreScene scene;
  std::vector<std::string> files;
  Strings expected;
  for (int i = 1; i <= 300; ++i) {
    files.push_back(file_of(numbered(i)));
    expected.push_back("1.2.3.4." + std::to_string(i));
  }
  const auto response = scene.post_files(files);
  CHECK(response.code == 200);
  CHECK(Report(response).stored() == expected);
  CHECK(scene.stores.keys().size() == 300);
}

TEST_CASE("the same instance twice is no failure") {
  StoreScene scene;
  CHECK(scene.post_files({file_of(Object()), file_of(Object())}).code == 200);
  CHECK(scene.post_files({file_of(Object())}).code == 200);
  CHECK(scene.stores.keys().size() == 1);
}

TEST_CASE("another instance with the same UID is reported as the archive treats it") {
  Object other;
  other.patient_name = "Roe^Richard";
  SECTION("the first one stays") {
    StoreScene scene;
    scene.post_files({file_of(Object())});
    const auto response = scene.post_files({file_of(other)});
    CHECK(response.code == 202);
    CHECK(Report(response).stored() == Strings{"1.2.3.4.5"});
    CHECK(Report(response).warnings() == Strings{"45056"});
  }
  SECTION("the first one stays, and the other is refused") {
    archive::Settings settings;
    settings.duplicates = archive::DuplicatePolicy::reject;
    StoreScene scene(settings);
    scene.post_files({file_of(Object())});
    const auto response = scene.post_files({file_of(other)});
    CHECK(response.code == 409);
    CHECK(Report(response).reasons() == Strings{"273"});
  }
  SECTION("the first one is replaced") {
    archive::Settings settings;
    settings.duplicates = archive::DuplicatePolicy::replace;
    StoreScene scene(settings);
    scene.post_files({file_of(Object())});
    CHECK(scene.post_files({file_of(other)}).code == 200);
    CHECK(scene.stores.read("1.2.3.4.5") == other.encode());
  }
}

TEST_CASE("what belongs to another study fails, the rest is stored") {
  StoreScene scene;
  Object other = numbered(6);
  other.study = "9.9";
  const auto response = scene.post_files({file_of(Object()), file_of(other)}, "1.2.3");
  CHECK(response.code == 202);
  const Report report(response);
  CHECK(report.stored() == Strings{"1.2.3.4.5"});
  CHECK(report.failed() == Strings{"1.2.3.4.6"});
  CHECK(report.reasons() == Strings{"43264"});
  CHECK_FALSE(scene.stores.find("1.2.3.4.6"));
  CHECK_THAT(response.body, Catch::Contains("another study"));
}

TEST_CASE("objects of several studies have no common address") {
  StoreScene scene;
  Object other = numbered(6);
  other.study = "9.9";
  const auto response = scene.post_files({file_of(Object()), file_of(other)});
  CHECK(response.code == 200);
  CHECK(Report(response).study_url().empty());
}

TEST_CASE("parts that are no DICOM file are other failures") {
  StoreScene scene;
  const auto response = scene.post_files({"hello", file_of(Object()), ""});
  CHECK(response.code == 202);
  CHECK(Report(response).stored() == Strings{"1.2.3.4.5"});
  CHECK(Report(response).failed().empty());
  CHECK(Report(response).other_reasons() == Strings{"49152", "49152"});
  CHECK_THAT(response.body, Catch::Contains("part 1") && Catch::Contains("part 3"));
  CHECK(scene.post_files({"hello"}).code == 409);
}

TEST_CASE("a body of nothing but parts that are no DICOM file has a short answer") {
  StoreScene scene;
  std::vector<std::string> parts(3000);
  KeptResponse response;
  try {
    response = scene.post_files(parts);
  } catch (const Problem& problem) {
    response.code = problem.status();
  }
  CHECK(response.code == 400);
  CHECK(response.body.size() < 1000);

  parts.front() = file_of(Object());
  const auto report = scene.post_files(parts);
  CHECK(report.code == 202);
  CHECK(Report(report).stored() == Strings{"1.2.3.4.5"});
  CHECK(Report(report).other_reasons().size() == 1002);  // and that it was given up
}

TEST_CASE("a data set that can't be understood fails under the UIDs of its file") {
  StoreScene scene;
  const auto whole = text_of(Object().encode());
  const auto response = scene.post_files({file_of(whole.substr(0, whole.size() - 10), "1.2.3.4.5")});
  CHECK(response.code == 409);
  CHECK(Report(response).failed() == Strings{"1.2.3.4.5"});
  CHECK(Report(response).reasons() == Strings{"49152"});
  CHECK(scene.stores.keys().empty());
}

TEST_CASE("a data set without UIDs does not match its SOP Class") {
  StoreScene scene;
  Object object;
  object.series.clear();
  const auto response = scene.post_files({file_of(object)});
  CHECK(response.code == 409);
  CHECK(Report(response).reasons() == Strings{"43264"});
}

TEST_CASE("a request that is no request to store is refused") {
  StoreScene scene;
  CHECK(scene.post("text/plain", "x").code == 415);
  CHECK(scene.post("", "x").code == 415);
  CHECK(scene.post("image/jpeg", "x").code == 415);
  CHECK(scene.post("multipart/form-data; boundary=b", "x").code == 415);
  CHECK(scene.post("multipart/related; type=\"image/jpeg\"; boundary=b-1", StoreScene::body_of({{"", "x", ""}})).code ==
        415);
  const auto refuse = [&](const std::string& type, const std::string& body) {
    return code_of([&] { scene.post(type, body); });
  };
  CHECK(refuse("multipart/related; type=\"application/dicom\"", "--b--") == Code::invalid);
  CHECK(refuse("multipart/related; type=\"application/dicom\"; boundary=b", "--b--") == Code::invalid);
  CHECK(refuse("multipart/related; type=\"application/dicom\"; boundary=b", "") == Code::invalid);
  CHECK(refuse("multipart/related; type=\"application/dicom\"; boundary=b", "--b\r\n\r\nhalf") == Code::invalid);
  CHECK(scene.stores.keys().empty());

  GivenRequest compressed;
  compressed.headers = {{"content-type", "application/dicom"}, {"content-encoding", "gzip"}};
  CHECK(scene.router.call("POST", "/dicom-web/studies", std::move(compressed)).code == 415);
}

TEST_CASE("what came before a body broke off is stored and reported, the half object is not") {
  StoreScene scene;
  auto body = StoreScene::body_of(
      {{"application/dicom", file_of(Object()), ""}, {"application/dicom", file_of(numbered(6)), ""}});
  body.resize(body.size() - 200);
  const auto response = scene.post("multipart/related; type=\"application/dicom\"; boundary=b-1", body);
  CHECK(response.code == 202);
  CHECK(Report(response).stored() == Strings{"1.2.3.4.5"});
  CHECK(Report(response).other_reasons().size() == 1);
  CHECK(scene.stores.keys().size() == 1);
}

TEST_CASE("a client that goes away leaves what was complete, and no half object") {
  class GoingAway final : public HttpRequest {
   public:
    explicit GoingAway(std::string text) : text_(std::move(text)) {}
    std::string_view method() override { return "POST"; }
    std::string_view path() override { return "/dicom-web/studies"; }
    std::string_view query() override { return {}; }
    std::string_view parameter(std::string_view) override { return {}; }
    std::string_view header(std::string_view name) override {
      return name == "Content-Type" ? "multipart/related; type=\"application/dicom\"; boundary=b-1" : "";
    }
    std::string_view base_url() override { return "http://archive.example"; }
    std::string_view peer_address() override { return "127.0.0.1"; }
    std::string_view user() override { return {}; }
    std::string_view id() override { return "1"; }
    uint64_t read(std::span<std::byte> into) override {
      if (at_ == text_.size()) throw Error(Code::cancelled, "the client is gone");
      const auto count = std::min(into.size(), text_.size() - at_);
      std::memcpy(into.data(), text_.data() + at_, count);
      at_ += count;
      return count;
    }

   private:
    const std::string text_;
    std::size_t at_ = 0;
  };

  StoreScene scene;
  auto body = StoreScene::body_of(
      {{"application/dicom", file_of(Object()), ""}, {"application/dicom", file_of(numbered(6)), ""}});
  body.resize(body.size() - 20);
  GoingAway request(body);
  KeptResponse response;
  CHECK(code_of([&] { scene.router.entries.at("POST /dicom-web/studies").handler->handle(request, response); }) ==
        Code::cancelled);
  CHECK(scene.stores.keys().size() == 1);
  CHECK(scene.stores.find("1.2.3.4.5"));
}

TEST_CASE("while the archive stops, the client is told to try again") {
  StoreScene scene;
  scene.stores.service->drain(std::chrono::milliseconds(0));
  const auto response = scene.post_files({file_of(Object())});
  CHECK(response.code == 503);
  CHECK(response.headers.contains("retry-after"));
  CHECK(Report(response).reasons() == Strings{"42752"});
}

TEST_CASE("a client whose object is too much for the memory for headers is told to try again") {
  StoreScene scene;
  const auto large = archive::testing::large_sequence(1 << 20);
  const auto file = file_of(Object()) + std::string(reinterpret_cast<const char*>(large.data()), large.size());
  {
    archive::HeaderMemory::Share taken(scene.stores.service->ingest().headers);
    taken.grow_to(256 << 20);
    const auto response = scene.post_files({file});
    CHECK(response.code == 503);
    CHECK(response.headers.contains("retry-after"));
    CHECK(Report(response).reasons() == Strings{"42752"});
  }
  CHECK(scene.post_files({file}).code == 200);
}

TEST_CASE("the report comes as the client accepts it") {
  StoreScene scene;
  const auto type = [&](const std::string& accept) {
    const auto response = scene.post("application/dicom", file_of(Object()), "", accept);
    CHECK(response.code == 200);
    return response.headers.at("content-type");
  };
  CHECK(type("application/dicom+json") == "application/dicom+json");
  CHECK(type("application/json") == "application/json");
  CHECK(type("application/dicom+xml") == "application/dicom+xml");
  CHECK(type("application/dicom+xml, application/dicom+json;q=0.5") == "application/dicom+xml");
  CHECK(type("*/*") == "application/dicom+json");
  CHECK(type("text/html") == "application/dicom+json");
  const auto xml = scene.post("application/dicom", file_of(Object()), "", "application/dicom+xml").body;
  CHECK_THAT(xml, Catch::Contains("keyword=\"ReferencedSOPSequence\"") && Catch::Contains("1.2.3.4.5"));
}

TEST_CASE("studies, series and instances are deleted") {
  StoreScene scene;
  Object other = numbered(9);
  other.series = "1.2.3.5";
  scene.post_files({file_of(numbered(5)), file_of(numbered(6)), file_of(other)});
  CHECK(scene.remove("/1.2.3/series/1.2.3.4/instances/1.2.3.4.5").code == 204);
  CHECK(scene.stores.keys().size() == 2);
  CHECK(scene.remove("/1.2.3/series/1.2.3.4/instances/1.2.3.4.5").code == 404);
  CHECK(scene.remove("/1.2.3/series/1.2.3.4/instances/1.2.3.4.9").code == 404);
  CHECK(scene.remove("/1.2.3/series/1.2.3.4").code == 204);
  CHECK(scene.remove("/1.2.3/series/1.2.3.4").code == 404);
  CHECK(scene.remove("/1.2.3").code == 204);
  CHECK(scene.remove("/1.2.3").code == 404);
  CHECK(scene.stores.keys().empty());
}

TEST_CASE("routes that change the archive have permissions of their own") {
  StoreScene scene;
  CHECK(scene.router.entries.at("POST /dicom-web/studies").permission == "studies.store");
  CHECK(scene.router.entries.at("DELETE /dicom-web/studies/{study}").permission == "studies.delete");
}

TEST_CASE("the head of a file is found in pieces of any size, whatever its length says") {
  const auto file = file_of("DATA SET", "1.2.3");
  const auto meta_end = file.size() - 8;
  auto without_length = file;
  without_length.erase(132, 12);
  auto wrong_length = file;
  wrong_length[140] = 5;
  for (const auto& text : {file, without_length, wrong_length})
    for (std::size_t piece = 1; piece < 300; piece += 7) {
      instance_files::FileHead head;
      std::string data;
      bool begun = false;
      for (std::size_t at = 0; at < text.size(); at += piece) {
        auto bytes = std::as_bytes(std::span(text).subspan(at, std::min(piece, text.size() - at)));
        if (!begun && head.feed(bytes)) {
          begun = true;
          data += text_of(head.surplus());
        }
        data += text_of(bytes);
      }
      head.finish();
      CHECK(data == "DATA SET");
      CHECK(head.transfer_syntax_uid() == "1.2.840.10008.1.2.1");
      CHECK(head.sop_instance_uid() == "1.2.3");
    }
  for (std::size_t length = 0; length < meta_end; ++length) {
    instance_files::FileHead head;
    auto bytes = std::as_bytes(std::span(file).first(length));
    CHECK(code_of([&] {
            if (!head.feed(bytes)) head.finish();
            throw Error(Code::unsupported, "accepted");
          }) == Code::corrupt);
  }
}

TEST_CASE("hostile heads of files are refused") {
  const auto refused = [](std::string text) {
    text.insert(0, std::string(128, '\0') + "DICM");
    instance_files::FileHead head;
    auto bytes = std::as_bytes(std::span(text));
    return code_of([&] {
             if (!head.feed(bytes)) head.finish();
           }) == Code::corrupt;
  };
  CHECK(refused(""));
  CHECK(
      refused("\x08\0\x16\0UI\x02\0"
              "1."s));
  CHECK(refused("\x02\0\x01\0OB\0\0\xff\xff\xff\xff"s));
  CHECK(refused("\x02\0\x01\0OB\0\0\xff\xff\xff\x0f"s));
  CHECK(
      refused("\x02\0\x10\0UI\x40\0"
              "1.2"s));
  std::string endless;
  for (int i = 0; i < 40; ++i) endless += "\x02\0\x02\x01UI\x00\xff"s + std::string(0xff00, 'x');
  CHECK(refused(endless));
}
