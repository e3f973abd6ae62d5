#include "study_visibility.hpp"

#include <catch2/catch.hpp>

#include "../../archive/tests/archive_fixture.hpp"
#include "fermata/testing/memory_state_store.hpp"
#include "fermata/testing/threads_and_errors.hpp"

using namespace fermata;
using namespace fermata::accounts;

namespace {

struct Scene {
  Scene() {
    add("1.1", "CT", "M\xc3\xbcller^Hans", "Clinic North");
    add("1.2", "MR", "Doe^Jane", "Clinic South");
    add("1.2", "SR", "Doe^Jane", "Clinic South");
  }
  void add(const std::string& study, const std::string& modality, const std::string& physician,
           const std::string& institution) {
    dicom::DataSetWriter w;
    w.add(dicom::kSpecificCharacterSet, "CS", "ISO_IR 192");
    w.add(dicom::kSopClassUid, "UI", "1.2.840.10008.5.1.4.1.1.7");
    w.add(dicom::kSopInstanceUid, "UI", study + "." + std::to_string(++count));
    w.add(dicom::kModality, "CS", modality);
    w.add(dicom::Tag(0x0008, 0x0080), "LO", institution);
    w.add(dicom::Tag(0x0008, 0x0090), "PN", physician);
    w.add(dicom::kPatientId, "LO", "4711");
    w.add(dicom::kStudyInstanceUid, "UI", study);
    w.add(dicom::kSeriesInstanceUid, "UI", study + ".9." + std::to_string(count));
    const auto result = archive::testing::store(*stores.service, w.bytes(), archive::testing::kExplicitLittle);
    REQUIRE(result.kind == StoreOutcome::Kind::stored);
  }
  void label(const std::string& study, const std::string& document) {
    labels.put("admin.labels", study, std::as_bytes(std::span(document)), StateStore::kAny);
  }
  bool sees(const std::string& study, std::vector<VisibilityRule> rules) {
    Account account;
    account.name = "jane";
    account.visibility = std::move(rules);
    return visibility.sees(std::make_shared<const Account>(account), study);
  }

  int count = 0;
  archive::testing::Fixture stores;
  fermata::testing::MemoryStateStore labels;
  StudyVisibility visibility{stores.service.get(), labels};
};

}  // namespace

TEST_CASE("without rules every study is visible") {
  Scene scene;
  CHECK(scene.sees("1.1", {}));
  CHECK(scene.sees("9.9", {}));
}

TEST_CASE("a rule holds if one of its values matches, as in a query") {
  Scene scene;
  CHECK(scene.sees("1.1", {{"modality", {"CT"}}}));
  CHECK_FALSE(scene.sees("1.2", {{"modality", {"CT"}}}));
  CHECK(scene.sees("1.2", {{"modality", {"CT", "SR"}}}));
  CHECK(scene.sees("1.2", {{"modality", {"?R"}}}));
  CHECK(scene.sees("1.1", {{"referring_physician", {"muller*"}}}));
  CHECK_FALSE(scene.sees("1.2", {{"referring_physician", {"muller*"}}}));
  CHECK(scene.sees("1.1", {{"institution", {"Clinic N*"}}}));
  CHECK_FALSE(scene.sees("1.2", {{"institution", {"Clinic N*"}}}));
}

TEST_CASE("all rules have to hold") {
  Scene scene;
  CHECK(scene.sees("1.2", {{"modality", {"MR"}}, {"institution", {"Clinic South"}}}));
  CHECK_FALSE(scene.sees("1.2", {{"modality", {"MR"}}, {"institution", {"Clinic North"}}}));
}

TEST_CASE("a rule by label looks at the labels of the study") {
  Scene scene;
  scene.label("1.1", R"({"version":1,"labels":["teaching","tumour board"]})");
  scene.label("1.10", R"({"version":1,"labels":["other"]})");
  CHECK(scene.sees("1.1", {{"label", {"teaching"}}}));
  CHECK(scene.sees("1.1", {{"label", {"tumour*"}}}));
  CHECK_FALSE(scene.sees("1.1", {{"label", {"other"}}}));
  CHECK_FALSE(scene.sees("1.2", {{"label", {"teaching"}}}));
  CHECK_FALSE(scene.sees("1.0", {{"label", {"teaching"}}}));
  scene.label("1.2", "rubbish");
  CHECK(fermata::testing::code_of([&] { scene.sees("1.2", {{"label", {"a"}}}); }) == Code::corrupt);
}

TEST_CASE("a study that does not exist is not visible, and neither are several at once") {
  Scene scene;
  CHECK_FALSE(scene.sees("9.9", {{"modality", {"*"}}}));
  CHECK_FALSE(scene.sees("1.1\\1.2", {{"modality", {"CT"}}}));
  CHECK_FALSE(scene.sees("1.*", {{"modality", {"CT"}}}));
  CHECK_FALSE(scene.sees("", {{"modality", {"CT"}}}));
}

TEST_CASE("without an archive no rule by an attribute holds") {
  fermata::testing::MemoryStateStore store;
  StudyVisibility visibility(nullptr, store);
  Account account;
  account.visibility = {{"modality", {"CT"}}};
  CHECK_FALSE(visibility.sees(std::make_shared<const Account>(account), "1.1"));
}

TEST_CASE("a decision is kept for an account as it is, and made anew when its rules change") {
  Scene scene;
  CHECK(scene.sees("1.1", {{"modality", {"CT"}}}));
  CHECK_FALSE(scene.sees("1.1", {{"modality", {"MR"}}}));
}
