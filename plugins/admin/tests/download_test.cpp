#include "files/download.hpp"

#include <catch2/catch.hpp>

#include "files/zip_reader.hpp"
#include "scene.hpp"

namespace fermata::admin {
namespace {

using testing::code_of;
using Texts = std::vector<std::string>;

struct Downloading : testing::Scene {
  Downloading() { download.add_to(routes); }
  Download download{*stores.service, AuditNotes(nullptr)};
};

Texts names_in(const std::string& zip) {
  auto rest = std::as_bytes(std::span(zip));
  ZipReader reader([&rest] { return std::exchange(rest, {}); });
  Texts names;
  while (reader.next()) {
    names.push_back(reader.name());
    while (!reader.read().empty()) {
    }
  }
  return names;
}

}  // namespace

TEST_CASE("a study comes as a ZIP with names that every system can read, and a DICOMDIR") {
  Downloading scene;
  scene.store({});
  scene.store({.instance = "1.2.3.4.6"});
  scene.store({.series = "1.2.3.9", .instance = "1.2.3.9.1"});
  const auto answer = scene.call("GET", "/api/studies/1.2.3/download");
  CHECK(answer.headers.at("content-type") == "application/zip");
  CHECK(names_in(answer.body) ==
        Texts{"DICOM/S0000001/I0000001", "DICOM/S0000001/I0000002", "DICOM/S0000002/I0000001", "DICOMDIR"});
}

TEST_CASE("nobody downloads a study that they may not see") {
  Downloading scene;
  scene.store({});
  testing::GivenRequest request;
  request.visible_studies = {"1"};
  CHECK(code_of([&] { scene.call("GET", "/api/studies/1.2.3/download", request); }) == Code::not_found);
  CHECK(code_of([&] { scene.call("GET", "/api/studies/9/download"); }) == Code::not_found);
}

}  // namespace fermata::admin
