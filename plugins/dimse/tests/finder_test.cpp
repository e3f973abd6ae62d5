#include "query-retrieve/finder.hpp"

#include <catch2/catch.hpp>

#include "query_retrieve_scene.hpp"

using namespace fermata;
using namespace fermata::dimse;
using namespace fermata::dimse::testing;
using dicom::DataSetView;
using dicom::Tag;

namespace {

struct Answers {
  std::vector<Bytes> pending;  ///< as on the wire
  CommandSet final_response;
};

Answers find(Association& association, const char* sop_class, const Bytes& wire) {
  association.send(1, request(field::kFind, sop_class), wire);
  Answers answers;
  for (;;) {
    const auto message = association.receive(5s);
    REQUIRE(message);
    CHECK(message->command.field() == (field::kFind | field::kResponse));
    CHECK(message->command.message_id_responded_to() == 7);
    answers.final_response = message->command;
    if (message->command.status() != status::kPending) return answers;
    answers.pending.push_back(association.receive_data_set(100000));
  }
}

Answers find(QueryRetrieveScene& scene, const Identifier& identifier, const char* sop_class = kStudyRootFind) {
  const auto association = scene.connect({{sop_class, kTenTransferSyntaxes}});
  REQUIRE(association->context(1)->transfer_syntax == kExplicit);
  auto answers = find(*association, sop_class, identifier.bytes());
  association->release();
  return answers;
}

std::vector<Tag> tags(const Bytes& data_set) {
  std::vector<Tag> list;
  for (const auto& element : DataSetView(data_set)) list.push_back(element.tag);
  return list;
}

std::set<std::string> values(const Answers& answers, Tag tag) {
  std::set<std::string> list;
  for (const auto& answer : answers.pending) list.emplace(DataSetView(answer).text(tag));
  return list;
}

/// Two studies: one of three CT images in two series, one of an MR image.
struct Filled : QueryRetrieveScene {
  Filled() {
    archive.put(kExplicit, image(kCt, "1.2.1", "1.2.1.1", 1));
    archive.put(kExplicit, image(kCt, "1.2.1", "1.2.1.1", 2));
    archive.put(kExplicit, image(kCt, "1.2.1", "1.2.1.2", 1));
    archive.put(kExplicit, image(kMr, "1.2.2", "1.2.2.1", 1, "Mueller^Max", "4712"));
  }
};

}  // namespace

TEST_CASE("a viewer's study query with ten transfer syntaxes gets the keys it asked for and what belongs to them") {
  Filled scene;
  const auto answers = find(scene, Identifier()
                                       .set(dicom::kSpecificCharacterSet, "CS", "ISO_IR 100")
                                       .level("STUDY")
                                       .set(dicom::kModalitiesInStudy, "CS", "CT\\US")
                                       .set(dicom::kPatientName, "PN", "doe*")
                                       .set(dicom::kPatientId, "LO")
                                       .set(dicom::kStudyInstanceUid, "UI")
                                       .set(dicom::kNumberOfStudyRelatedInstances, "IS")
                                       .set(Tag(0x0032, 0x4000), "LT"));
  CHECK(answers.final_response.status() == 0);
  CHECK_FALSE(answers.final_response.has_data_set());
  REQUIRE(answers.pending.size() == 1);
  const auto& answer = answers.pending.front();
  CHECK(tags(answer) == std::vector<Tag>{dicom::kSpecificCharacterSet, dicom::kQueryRetrieveLevel,
                                         dicom::kRetrieveAeTitle, dicom::kModalitiesInStudy, dicom::kPatientName,
                                         dicom::kPatientId, dicom::kStudyInstanceUid,
                                         dicom::kNumberOfStudyRelatedInstances, Tag(0x0032, 0x4000)});
  const DataSetView view(answer);
  CHECK(view.text(dicom::kSpecificCharacterSet) == "ISO_IR 100");
  CHECK(view.text(dicom::kQueryRetrieveLevel) == "STUDY");
  CHECK(view.text(dicom::kRetrieveAeTitle) == "FERMATA");
  CHECK(view.text(dicom::kModalitiesInStudy) == "CT");
  CHECK(view.text(dicom::kPatientName) == "Doe^Jane");
  CHECK(view.text(dicom::kNumberOfStudyRelatedInstances) == "3");
  CHECK(view.find(Tag(0x0032, 0x4000))->value.empty());
}

TEST_CASE("images are found by their study alone") {
  Filled scene;
  const auto answers = find(scene, Identifier()
                                       .level("IMAGE")
                                       .set(dicom::kSopInstanceUid, "UI")
                                       .set(dicom::kStudyInstanceUid, "UI", "1.2.1")
                                       .set(dicom::kSeriesInstanceUid, "UI"));
  CHECK(values(answers, dicom::kSopInstanceUid) == std::set<std::string>{"1.2.1.1.1", "1.2.1.1.2", "1.2.1.2.1"});
  CHECK(values(answers, dicom::kSeriesInstanceUid) == std::set<std::string>{"1.2.1.1", "1.2.1.2"});
  CHECK(values(answers, dicom::kQueryRetrieveLevel) == std::set<std::string>{"IMAGE"});
}

TEST_CASE("each information model has its levels") {
  Filled scene;
  const auto status = [&](const char* sop_class, const char* level) {
    return find(scene, Identifier().level(level).set(dicom::kPatientId, "LO"), sop_class).final_response.status();
  };
  for (const char* level : {"PATIENT", "STUDY", "SERIES", "IMAGE"}) CHECK(status(kPatientRootFind, level) == 0);
  for (const char* level : {"STUDY", "SERIES", "IMAGE"}) CHECK(status(kStudyRootFind, level) == 0);
  CHECK(status(kStudyRootFind, "PATIENT") == 0xa900);
  for (const char* level : {"PATIENT", "STUDY"}) CHECK(status(kPatientStudyOnlyFind, level) == 0);
  for (const char* level : {"SERIES", "IMAGE"}) CHECK(status(kPatientStudyOnlyFind, level) == 0xa900);
  CHECK(status(kStudyRootFind, " study") == 0);
}

TEST_CASE("a query without a level is refused, and says what is missing") {
  Filled scene;
  const auto association = scene.connect({{kStudyRootFind, {kExplicit}}});
  const auto answers = find(*association, kStudyRootFind, Identifier().set(dicom::kPatientId, "LO").bytes());
  CHECK(answers.final_response.status() == 0xa900);
  CHECK(answers.final_response.text(element::kErrorComment) == "(0008,0052) Query/Retrieve Level is missing");
  CHECK(answers.final_response.tags(element::kOffendingElement) == std::vector<uint32_t>{0x00080052});
  // and the association goes on
  CHECK(find(*association, kStudyRootFind, Identifier().level("STUDY").bytes()).final_response.status() == 0);
  association->send(1, request(field::kFind, kStudyRootFind));
  CHECK(association->receive(5s)->command.status() == 0xa900);
  CHECK(find(*association, kStudyRootFind, Bytes(11, std::byte{'x'})).final_response.status() == 0xa900);
  association->send(1, request(field::kMove, kStudyRootFind), Identifier().level("STUDY").bytes());
  CHECK(association->receive(5s)->command.status() == status::kUnrecognizedOperation);
}

TEST_CASE("a query that nests sequences too deeply is refused, and counted") {
  Filled scene;
  for (const char* syntax : {kImplicit, kExplicit})
    for (const std::size_t depth : {65, 1000}) {
      CAPTURE(syntax, depth);
      dicom::DataSetWriter identifier;
      identifier.add(dicom::kQueryRetrieveLevel, "CS", "STUDY");
      for (std::size_t i = 0; i < depth; ++i) {
        identifier.begin_sequence(Tag(0x0040, 0x0275));
        identifier.begin_item();
      }
      for (std::size_t i = 0; i < 2 * depth; ++i) identifier.end();
      DataSetEncoder encoder(syntax);
      const auto wire = encoder.encode_plain(DataSetView(identifier.bytes()));
      const auto before = scene.log.counted("limit_nesting_total");
      const auto association = scene.connect({{kStudyRootFind, {syntax}}});
      const auto answers = find(*association, kStudyRootFind, {wire.begin(), wire.end()});
      CHECK(answers.final_response.status() == status::kDataSetMismatch);
      CHECK(answers.final_response.text(element::kErrorComment).find("nested too deeply") != std::string::npos);
      CHECK(scene.log.counted("limit_nesting_total") == before + 1);
      const auto next = Identifier().level("STUDY").bytes();
      const auto next_wire = encoder.encode_plain(DataSetView(next));
      CHECK(find(*association, kStudyRootFind, {next_wire.begin(), next_wire.end()}).final_response.status() == 0);
      association->release();
    }
}

TEST_CASE("an empty result is a success") {
  Filled scene;
  const auto answers = find(scene, Identifier().level("STUDY").set(dicom::kPatientId, "LO", "nobody"));
  CHECK(answers.pending.empty());
  CHECK(answers.final_response.status() == 0);
}

TEST_CASE("availability is answered when it was asked for") {
  Filled scene;
  const auto answers = find(scene, Identifier()
                                       .level("SERIES")
                                       .set(dicom::kRetrieveAeTitle, "AE")
                                       .set(dicom::kInstanceAvailability, "CS")
                                       .set(dicom::kSeriesInstanceUid, "UI"));
  CHECK(answers.pending.size() == 3);
  CHECK(values(answers, dicom::kInstanceAvailability) == std::set<std::string>{"ONLINE"});
  CHECK(values(answers, dicom::kRetrieveAeTitle) == std::set<std::string>{"FERMATA"});
}

TEST_CASE("a query in implicit VR with group lengths is answered in implicit VR") {
  Filled scene;
  const auto association = scene.connect({{kStudyRootFind, {kImplicit}}});
  const std::string_view wire(
      "\x08\x00\x00\x00\x04\0\0\0\x0e\0\0\0"
      "\x08\x00\x52\x00\x06\0\0\0STUDY "
      "\x20\x00\x0d\x00\x06\0\0\0"
      "1.2.2\0",
      40);
  const auto answers = find(*association, kStudyRootFind, Bytes(bytes(wire).begin(), bytes(wire).end()));
  REQUIRE(answers.pending.size() == 1);
  const auto decoded = decode_data_set(answers.pending.front(), kImplicit);
  CHECK(DataSetView(decoded).text(dicom::kStudyInstanceUid) == "1.2.2");
  CHECK(DataSetView(decoded).text(dicom::kQueryRetrieveLevel) == "STUDY");
}

TEST_CASE("text is matched and answered whatever its character set") {
  QueryRetrieveScene scene;
  scene.archive.put(kExplicit, image(kCt, "1.2.1", "1.2.1.1", 1, "Yamada^Tarou=山田^太郎=やまだ^たろう"));
  scene.archive.put(kExplicit, image(kCt, "1.2.2", "1.2.2.1", 1, "Buc^Jérôme"));
  const auto query = [&](const char* character_set, const char* name) {
    return find(scene, Identifier()
                           .set(dicom::kSpecificCharacterSet, "CS", character_set)
                           .level("STUDY")
                           .set(dicom::kPatientName, "PN", name)
                           .set(dicom::kStudyInstanceUid, "UI"));
  };
  const auto japanese = query("\\ISO 2022 IR 87", "*=\x1b$B;3ED\x1b(B^*");
  REQUIRE(japanese.pending.size() == 1);
  CHECK(DataSetView(japanese.pending[0]).text(dicom::kStudyInstanceUid) == "1.2.1");
  CHECK(DataSetView(japanese.pending[0]).text(dicom::kSpecificCharacterSet) == "ISO_IR 192");
  CHECK(DataSetView(japanese.pending[0]).text(dicom::kPatientName) == "Yamada^Tarou=山田^太郎=やまだ^たろう");
  for (const auto& [character_set, name] :
       {std::pair("ISO_IR 100", "buc^J\xe9r\xf4me"), {"ISO_IR 192", "BUC^JÉRÔME"}, {"", "buc^jerome"}}) {
    const auto french = query(character_set, name);
    REQUIRE(french.pending.size() == 1);
    CHECK(DataSetView(french.pending[0]).text(dicom::kSpecificCharacterSet) == "ISO_IR 100");
    CHECK(DataSetView(french.pending[0]).text(dicom::kPatientName) == "Buc^J\xe9r\xf4me");
  }
}

TEST_CASE("a query is cancelled between two answers") {
  QueryRetrieveScene scene;
  scene.archive.endless = true;
  const auto association = scene.connect({{kStudyRootFind, {kExplicit}}});
  association->send(1, request(field::kFind, kStudyRootFind), Identifier().level("STUDY").bytes());
  CHECK(association->receive(5s)->command.status() == status::kPending);
  association->send(1, cancel());
  auto last = association->receive(5s);
  while (last && last->command.status() == status::kPending) last = association->receive(5s);
  REQUIRE(last);
  CHECK(last->command.status() == status::kCancelled);
  CHECK_FALSE(last->command.has_data_set());
  CHECK(scene.archive.open_cursors == 0);
}

TEST_CASE("a query ends soon after its peer has gone away") {
  QueryRetrieveScene scene;
  scene.archive.endless = true;
  const auto association = scene.connect({{kStudyRootFind, {kExplicit}}});
  association->send(1, request(field::kFind, kStudyRootFind), Identifier().level("STUDY").bytes());
  CHECK(association->receive(5s)->command.status() == status::kPending);
  CHECK(scene.archive.open_cursors == 1);
  association->abort();
  CHECK(eventually([&] { return scene.archive.open_cursors == 0; }));
}

TEST_CASE("what the archive can't answer ends with the proper status and its reason") {
  QueryRetrieveScene scene;
  scene.archive.find_fails_with = Error(Code::invalid, "a range of three dates makes no sense");
  auto answers = find(scene, Identifier().level("STUDY"));
  CHECK(answers.final_response.status() == 0xa900);
  CHECK(answers.final_response.text(element::kErrorComment) == "a range of three dates makes no sense");
  scene.archive.find_fails_with = Error(Code::io, "the index can't be read");
  answers = find(scene, Identifier().level("STUDY"));
  CHECK(answers.final_response.status() == 0xc001);
  CHECK(answers.final_response.text(element::kErrorComment) == "the index can't be read");
  CHECK(scene.log.has("a query could not be answered"));
}
