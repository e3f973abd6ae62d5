#include "find_service.hpp"

#include <catch2/catch.hpp>

#include "fermata/testing/memory_state_store.hpp"
#include "samples.hpp"

using namespace fermata;
using namespace fermata::worklist;
using namespace fermata::worklist::testing;

namespace {

constexpr Tag kSequence{0x0040, 0x0100};
constexpr Tag kStation{0x0040, 0x0001};
constexpr Tag kDate{0x0040, 0x0002};
constexpr Tag kTime{0x0040, 0x0003};
constexpr Tag kStepId{0x0040, 0x0009};
constexpr Tag kStatus{0x0040, 0x0020};

class Responder final : public DimseResponder {
 public:
  void send(const DimseResponse& response) override {
    if (response.has_data_set)
      answers.emplace_back(response.data_set.begin(), response.data_set.end());
    else
      comment = response.error_comment;
    status = response.status;
  }
  bool cancelled() override { return answers.size() >= limit; }
  std::unique_ptr<DimseAssociation> association() override { return nullptr; }

  std::vector<std::string> patients() const {
    std::vector<std::string> names;
    for (const auto& answer : answers) names.emplace_back(dicom::DataSetView(answer).text(dicom::kPatientName));
    return names;
  }
  std::size_t limit = SIZE_MAX;
  std::vector<std::vector<std::byte>> answers;
  uint16_t status = 0xffff;
  std::string comment;
};

struct Scene {
  Scene() {
    put({"DOE^JANE", "1", "A1", "CT1", "CT", "20240131", "0815", "S1", ""});
    put({"ROE^JOHN", "2", "A2", "CT1", "CT", "20240131", "0930", "S1", ""});
    put({"Yamada^Tarou=山田^太郎=やまだ^たろう", "3", "A3", "MR1", "MR", "20240201", "1000", "S1", ""});
    put({"Müller^Jörg", "4", "A4", "MR1", "MR", "20240202", "0700", "S1", "STARTED"});
    put({"DONE^WITH", "5", "A5", "CT1", "CT", "20240131", "0700", "S1", "COMPLETED"});
  }
  void put(const Sample& sample) { worklist.put(sample.patient_id, "test", sample.bytes()); }
  Responder ask(const std::vector<std::byte>& identifier, bool answer_finished = false) {
    Responder responder;
    ask(identifier, responder, answer_finished);
    return responder;
  }
  void ask(const std::vector<std::byte>& identifier, Responder& responder, bool answer_finished = false) {
    DimseRequest request;
    request.command_field = 0x0020;
    request.has_data_set = true;
    request.data_set = identifier;
    FindService(worklist, journal, answer_finished).handle(request, responder);
  }
  std::vector<std::string> patients(Keys keys) {
    return ask(keys.set(dicom::kPatientName, "PN", keys.top.text(dicom::kPatientName)).bytes()).patients();
  }
  fermata::testing::MemoryStateStore store;
  Journal journal;
  StoredWorklist worklist{store, journal};
};

const std::string kYamada = "Yamada^Tarou=山田^太郎=やまだ^たろう";
using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a query without matching keys gives all steps that are to be done, in their order") {
  Scene scene;
  CHECK(scene.patients(Keys()) == Names{"DOE^JANE", "ROE^JOHN", kYamada, "Müller^Jörg"});
  CHECK(scene.ask(Keys().bytes()).status == 0);
}

TEST_CASE("keys of the step match one and the same step") {
  Scene scene;
  CHECK(scene.patients(Keys().step(kStation, "AE", "MR1")) == Names{kYamada, "Müller^Jörg"});
  CHECK(scene.patients(Keys().step(dicom::kModality, "CS", "CT").step(kDate, "DA", "20240131")) ==
        Names{"DOE^JANE", "ROE^JOHN"});
  CHECK(scene.patients(Keys().step(kStation, "AE", "MR1").step(dicom::kModality, "CS", "CT")).empty());
  CHECK(scene.patients(Keys().step(kDate, "DA", "20240201-")) == Names{kYamada, "Müller^Jörg"});
  CHECK(scene.patients(Keys().step(kDate, "DA", "20240131").step(kTime, "TM", "0900-1200")) == Names{"ROE^JOHN"});
}

TEST_CASE("a range of dates and a range of times are one range") {
  Scene scene;
  // from 9:00 on January 31 to 8:00 on February 2, not between 9 and 8 on each day
  CHECK(scene.patients(Keys().step(kDate, "DA", "20240131-20240202").step(kTime, "TM", "0900-0800")) ==
        Names{"ROE^JOHN", kYamada, "Müller^Jörg"});
}

TEST_CASE("names match without regard to case and accents, in each of their forms") {
  Scene scene;
  CHECK(scene.patients(Keys().set(dicom::kPatientName, "PN", "doe*")) == Names{"DOE^JANE"});
  CHECK(scene.patients(Keys().set(dicom::kPatientName, "PN", "MULLER^JORG")) == Names{"Müller^Jörg"});
  CHECK(scene.patients(Keys().set(dicom::kPatientName, "PN", "yamada*")) == Names{kYamada});
  CHECK(scene.patients(Keys().set(dicom::kPatientName, "PN", "山田*")) == Names{kYamada});
  CHECK(scene.patients(Keys().set(dicom::kPatientName, "PN", "*やまだ*")) == Names{kYamada});
}

TEST_CASE("an answer has what was asked for, empty where nothing is known, and nothing else") {
  Scene scene;
  Keys keys;
  keys.set(dicom::kPatientId, "LO", "3").set(Tag(0x0010, 0x0040), "CS", "").set(Tag(0x0040, 0x1003), "SH", "");
  keys.step(kStepId, "SH", "").step(kDate, "DA", "20240201").step(Tag(0x0040, 0x0010), "SH", "");
  const auto responder = scene.ask(keys.bytes());
  REQUIRE(responder.answers.size() == 1);
  const dicom::DataSetView answer(responder.answers[0]);
  CHECK(answer.text(dicom::kPatientId) == "3");
  REQUIRE(answer.find(Tag(0x0010, 0x0040)));
  CHECK(answer.text(Tag(0x0010, 0x0040)).empty());
  REQUIRE(answer.find(Tag(0x0040, 0x1003)));
  CHECK_FALSE(answer.find(dicom::kPatientName));
  const auto step = step_of(answer);
  CHECK(step.text(kStepId) == "S1");
  CHECK(step.text(kDate) == "20240201");
  CHECK(step.has(Tag(0x0040, 0x0010)));
  CHECK_FALSE(step.has(dicom::kModality));
}

TEST_CASE("a sequence without attributes in its item is returned whole") {
  Scene scene;
  EditableDataSet keys;
  keys.set(dicom::kPatientId, "LO", "1");
  SECTION("no item") { keys.set_items(kSequence, {}); }
  SECTION("an empty item") {
    const std::vector<EditableDataSet> items(1);
    keys.set_items(kSequence, items);
  }
  const auto responder = scene.ask(keys.bytes());
  REQUIRE(responder.answers.size() == 1);
  CHECK(step_of(dicom::DataSetView(responder.answers[0])).text(kStation) == "CT1");
}

TEST_CASE("finished steps are answered where that is configured or asked for") {
  Scene scene;
  CHECK(scene.patients(Keys().step(kStatus, "CS", "COMPLETED")) == Names{"DONE^WITH"});
  CHECK(scene.patients(Keys().step(kStatus, "CS", "SCHEDULED")) == Names{"DOE^JANE", "ROE^JOHN", kYamada});
  CHECK(scene.patients(Keys().step(kStatus, "CS", "")).size() == 4);
  CHECK(scene.ask(Keys().bytes(), true).answers.size() == 5);
}

TEST_CASE("a query is cancelled") {
  Scene scene;
  Responder responder;
  responder.limit = 2;
  scene.ask(Keys().bytes(), responder);
  CHECK(responder.answers.size() == 2);
  CHECK(responder.status == 0xfe00);
}

TEST_CASE("a query that can't be understood is refused with the reason") {
  Scene scene;
  const auto responder = scene.ask(Keys().step(kDate, "DA", "yesterday-today").bytes());
  CHECK(responder.status == 0xa900);
  CHECK(responder.comment == "the key (0040,0002) is no range of dates or times: write FROM-TO, FROM- or -TO");
  DimseRequest empty;
  empty.command_field = 0x0020;
  Responder without;
  FindService(scene.worklist, scene.journal, false).handle(empty, without);
  CHECK(without.status == 0xa900);
  CHECK(without.answers.empty());
  DimseRequest echo;
  echo.command_field = 0x0030;
  Responder other;
  FindService(scene.worklist, scene.journal, false).handle(echo, other);
  CHECK(other.status == 0x0211);
}
