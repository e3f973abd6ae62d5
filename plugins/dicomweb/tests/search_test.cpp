#include <catch2/catch.hpp>

#include <boost/json.hpp>

#include "scene.hpp"

using namespace fermata;
using namespace fermata::dicomweb;
using namespace fermata::dicomweb::testing;

namespace {

boost::json::array json(const KeptResponse& answer) {
  INFO(answer.body);
  REQUIRE(answer.code == 200);
  return boost::json::parse(answer.body).as_array();
}

/// The first value of an attribute in every result.
std::vector<std::string> values(const KeptResponse& answer, const char* tag) {
  std::vector<std::string> all;
  for (const auto& result : json(answer)) {
    const auto* found = result.as_object().if_contains(tag);
    const auto* list = found == nullptr ? nullptr : found->as_object().if_contains("Value");
    if (list == nullptr)
      all.emplace_back();
    else if (const auto& value = list->at(0); value.is_string())
      all.emplace_back(value.as_string());
    else
      all.emplace_back(boost::json::serialize(value));
  }
  return all;
}
std::vector<std::string> studies(const KeptResponse& answer) { return values(answer, "0020000D"); }

using List = std::vector<std::string>;

/// Two studies: 1.2.3 with a CT series of two images and a PR series, 1.2.9, older, with one MR image.
void fill(Scene& scene) {
  for (int i = 1; i <= 2; ++i) {
    Image image;
    image.instance = "1.2.3.4." + std::to_string(i);
    image.number = std::to_string(i);
    scene.store(image);
  }
  Image state;
  state.series = "1.2.3.5";
  state.instance = "1.2.3.5.1";
  state.modality = "PR";
  state.pixels.clear();
  scene.store(state);
  Image other;
  other.study = "1.2.9";
  other.series = "1.2.9.1";
  other.instance = "1.2.9.1.1";
  other.modality = "MR";
  other.patient_name = "M\xc3\xbcller^Hans";
  other.study_date = "20230506";
  scene.store(other);
}

}  // namespace

TEST_CASE("Studies are found newest first, with what the standard wants of them") {
  Scene scene;
  fill(scene);
  const auto answer = scene.get("/dicom-web/studies");
  CHECK(answer.headers.at("content-type") == "application/dicom+json");
  CHECK(studies(answer) == List{"1.2.3", "1.2.9"});
  const auto first = json(answer).at(0).as_object();
  for (const auto* tag :
       {"00080005", "00080020", "00080030", "00080050", "00080056", "00080061", "00080090", "00081190", "00100010",
        "00100020", "00100030", "00100040", "0020000D", "00200010", "00201206", "00201208"})
    CHECK(first.contains(tag));
  CHECK_FALSE(first.contains("00080201"));
  CHECK_FALSE(first.contains("0020000E"));
  CHECK(first.at("00081190").at("vr").as_string() == "UR");
  CHECK(first.at("00081190").at("Value").at(0).as_string() == "http://archive.example/dicom-web/studies/1.2.3");
  CHECK(first.at("00080056").at("Value").at(0).as_string() == "ONLINE");
  CHECK(first.at("00080061").at("Value").as_array().size() == 2);
  CHECK(first.at("00201208").at("Value").at(0).as_int64() == 3);
  CHECK_FALSE(first.at("00080050").as_object().contains("Value"));
}

TEST_CASE("Nothing found is an empty list and no error") {
  Scene scene;
  fill(scene);
  CHECK(scene.get("/dicom-web/studies?PatientID=nobody").body == "[]");
  CHECK(scene.get("/dicom-web/studies/9/series").body == "[]");
  CHECK(scene.get("/dicom-web/studies?limit=0").body == "[]");
}

TEST_CASE("Attributes match by keyword and by tag, in every way of C-FIND") {
  Scene scene;
  fill(scene);
  const auto found = [&](const std::string& query) { return studies(scene.get("/dicom-web/studies?" + query)); };
  const List first{"1.2.3"};
  const List second{"1.2.9"};
  const List both{"1.2.3", "1.2.9"};
  CHECK(found("PatientName=doe*") == first);
  CHECK(found("00100010=M%C3%BCller%5EHans") == second);
  CHECK(found("PatientName=") == both);
  CHECK(found("StudyDate=20240101-20241231") == first);
  CHECK(found("StudyDate=-20231231") == second);
  CHECK(found("StudyInstanceUID=1.2.3,1.2.9") == both);
  CHECK(found("StudyInstanceUID=1.2.9%5C1.2.8") == second);
  CHECK(found("StudyInstanceUID=1.2.3&StudyInstanceUID=1.2.9") == both);
  CHECK(found("ModalitiesInStudy=CT") == first);
  CHECK(found("ModalitiesInStudy=CT,MR") == both);
  CHECK(found("ModalitiesInStudy=CT%5CMR") == both);
  CHECK(found("Rows=20&PatientID=4711") == both);
  CHECK(found("Rows=21").empty());
  CHECK(found("SOPInstanceUID=1.2.9.1.1") == second);
}

TEST_CASE("Series and instances are found below what the path names, or anywhere") {
  Scene scene;
  fill(scene);
  CHECK(values(scene.study("/series"), "0020000E") == List{"1.2.3.4", "1.2.3.5"});
  CHECK(values(scene.get("/dicom-web/series"), "0020000E") == List{"1.2.3.4", "1.2.3.5", "1.2.9.1"});
  CHECK(values(scene.study("/instances"), "00080018") == List{"1.2.3.4.1", "1.2.3.4.2", "1.2.3.5.1"});
  CHECK(values(scene.study("/series/1.2.3.4/instances"), "00080018") == List{"1.2.3.4.1", "1.2.3.4.2"});
  CHECK(values(scene.get("/dicom-web/instances?Modality=MR"), "00080018") == List{"1.2.9.1.1"});
  CHECK(values(scene.study("/series?StudyInstanceUID=1.2.9"), "0020000E") == List{"1.2.3.4", "1.2.3.5"});
}

TEST_CASE("Results have attributes of the levels that the path does not name") {
  Scene scene;
  fill(scene);
  const auto has = [&](const std::string& url, const char* tag) {
    return json(scene.get(url)).at(0).as_object().contains(tag);
  };
  CHECK_FALSE(has("/dicom-web/studies/1.2.3/series", "00100010"));
  CHECK(has("/dicom-web/studies/1.2.3/series", "0020000D"));
  CHECK(has("/dicom-web/series", "00100010"));
  CHECK(has("/dicom-web/studies/1.2.3/instances", "00080060"));
  CHECK_FALSE(has("/dicom-web/studies/1.2.3/instances", "00100010"));
  CHECK_FALSE(has("/dicom-web/studies/1.2.3/series/1.2.3.4/instances", "00080060"));
  CHECK(has("/dicom-web/studies/1.2.3/series/1.2.3.4/instances", "00280010"));
  const auto url = values(scene.study("/series/1.2.3.4/instances"), "00081190").at(0);
  CHECK(url == "http://archive.example/dicom-web/studies/1.2.3/series/1.2.3.4/instances/1.2.3.4.1");
}

TEST_CASE("More attributes come where they are asked for, by any name") {
  Scene scene;
  fill(scene);
  const auto result = [&](const std::string& url) { return json(scene.get(url)).at(0).as_object(); };
  CHECK(result("/dicom-web/studies?includefield=StudyDescription").contains("00081030"));
  CHECK(result("/dicom-web/studies?includefield=00081030,00080080").contains("00080080"));
  CHECK_FALSE(result("/dicom-web/studies?includefield=Modality").contains("00080060"));
  CHECK(
      result("/dicom-web/studies/1.2.3/series?includefield=RequestAttributesSequence.ScheduledProcedureStepDescription")
          .contains("00400275"));
  const auto all = result("/dicom-web/studies/1.2.3/series/1.2.3.4/instances?includefield=all");
  CHECK(all.at("00100010").at("Value").at(0).at("Alphabetic").as_string() == "Doe^Jane");
  CHECK(all.at("7FE00010").as_object().contains("BulkDataURI"));
  CHECK(all.contains("00081190"));
  const auto study = result("/dicom-web/studies?includefield=all");
  CHECK(study.contains("00100020"));
  CHECK_FALSE(study.contains("00081030"));  // nobody knows it
}

TEST_CASE("A private attribute comes with its creator") {
  Scene scene;
  auto bytes = Image{}.encode();
  dicom::DataSetWriter w;
  const dicom::DataSetView view(bytes);
  for (auto it = view.begin(); it != std::default_sentinel; ++it) {
    if (it->tag == dicom::kStudyInstanceUid) {
      w.add(Tag(0x0019, 0x0010), "LO", "ACME 1.1");
      w.add(Tag(0x0019, 0x1003), "LO", "secret");
    }
    w.add_encoded(it.encoded());
  }
  scene.store(w.take(), "1.2.840.10008.1.2.1");
  const auto result = json(scene.get("/dicom-web/instances?includefield=00191003,00211001")).at(0).as_object();
  CHECK(result.at("00191003").at("Value").at(0).as_string() == "secret");
  CHECK(result.at("00190010").at("Value").at(0).as_string() == "ACME 1.1");
  CHECK_FALSE(result.contains("00211001"));
  CHECK(json(scene.get("/dicom-web/instances?00191003=sec*")).size() == 1);
}

TEST_CASE("A sequence matches by an attribute of its items") {
  Scene scene;
  Image image;
  auto bytes = image.encode();
  dicom::DataSetWriter w;
  const dicom::DataSetView view(bytes);
  for (auto it = view.begin(); it != std::default_sentinel; ++it) {
    if (it->tag == dicom::kPixelData) {
      w.begin_sequence(Tag(0x0040, 0x0275));
      w.begin_item();
      w.add(Tag(0x0040, 0x0009), "SH", "STEP7");
      w.end();
      w.end();
    }
    w.add_encoded(it.encoded());
  }
  scene.store(w.take(), "1.2.840.10008.1.2.1");
  fill(scene);
  for (const auto* query : {"RequestAttributesSequence.ScheduledProcedureStepID=STEP7", "00400275.00400009=STEP7",
                            "RequestAttributesSequence.00400009=STEP*"})
    CHECK(values(scene.get(std::string("/dicom-web/series?") + query), "0020000E") == List{"1.2.3.4"});
  CHECK(json(scene.get("/dicom-web/series?00400275.00400009=STEP8")).empty());
  const auto result = json(scene.get("/dicom-web/series?Modality=CT")).at(0);
  CHECK(result.at("00400275").at("Value").at(0).at("00400009").at("Value").at(0).as_string() == "STEP7");
}

TEST_CASE("Pages are cut by limit and offset") {
  Scene scene;
  fill(scene);
  CHECK(studies(scene.get("/dicom-web/studies?limit=1")) == List{"1.2.3"});
  CHECK(studies(scene.get("/dicom-web/studies?limit=1&offset=1")) == List{"1.2.9"});
  CHECK(json(scene.get("/dicom-web/studies?offset=2")).empty());
}

TEST_CASE("A search that finds too much warns of the rest") {
  Scene scene(true, 2);
  fill(scene);
  CHECK_FALSE(scene.get("/dicom-web/studies").headers.contains("warning"));
  const auto answer = scene.get("/dicom-web/instances");
  CHECK(json(answer).size() == 2);
  CHECK(answer.headers.at("warning") ==
        "299 http://archive.example/dicom-web \"There are 2 additional results that can be requested.\"");
  CHECK_FALSE(scene.get("/dicom-web/instances?limit=2").headers.contains("warning"));
  CHECK(scene.get("/dicom-web/instances?limit=3").headers.at("warning").find("There are 1 additional") !=
        std::string::npos);
  CHECK_FALSE(scene.get("/dicom-web/instances?offset=2").headers.contains("warning"));
}

TEST_CASE("What is not supported is said in a warning") {
  Scene scene;
  fill(scene);
  const auto fuzzy = scene.get("/dicom-web/studies?fuzzymatching=true&PatientName=Doe*");
  CHECK(fuzzy.headers.at("warning").find("Only literal matching") != std::string::npos);
  CHECK(studies(fuzzy) == List{"1.2.3"});
  CHECK_FALSE(scene.get("/dicom-web/studies?fuzzymatching=false").headers.contains("warning"));
  CHECK(scene.get("/dicom-web/studies?orderby=PatientName").headers.at("warning").find("orderby") != std::string::npos);
}

TEST_CASE("A parameter that can't be is refused by its name") {
  Scene scene;
  fill(scene);
  for (const std::string query :
       {"PatientNam=x", "limit=x", "limit=-1", "offset=", "fuzzymatching=yes", "includefield=Nonsense",
        "StudyDate=monday", "StudyTime=9h", "Rows=many", "RequestAttributesSequence=x", "PatientName.PatientID=x",
        "PixelData=x", "PatientID=1&PatientID=2", "001000=1"}) {
    const auto equals =
        query.find_last_of('&') == std::string::npos ? query : query.substr(query.find_last_of('&') + 1);
    CHECK_THROWS_WITH(scene.get("/dicom-web/studies?" + query), Catch::Contains(equals.substr(0, equals.find('='))));
  }
  CHECK_THROWS_AS(scene.get("/dicom-web/studies?StudyDate=2024-01-01"), Error);
  std::string deep = "00080050";
  for (int i = 0; i < 64; ++i) deep.insert(0, "00081140.");
  CHECK(scene.get("/dicom-web/studies?" + deep + "=x").code == 200);
  CHECK_THROWS_WITH(scene.get("/dicom-web/studies?00081140." + deep + "=x"), Catch::Contains("no such attribute"));
}

TEST_CASE("Results come as XML where that is accepted, and 406 says what there is") {
  Scene scene;
  fill(scene);
  const auto parts = parts_of(scene.get("/dicom-web/studies", R"(multipart/related; type="application/dicom+xml")"));
  REQUIRE(parts.size() == 2);
  CHECK(parts[0].body.find("keyword=\"PatientName\"") != std::string::npos);
  CHECK(scene.get("/dicom-web/studies", "text/html").code == 406);
  CHECK(scene.get("/dicom-web/studies", "text/html, */*;q=0.1").code == 200);
}
