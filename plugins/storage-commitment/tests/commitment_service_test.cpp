#include "commitment_service.hpp"

#include <catch2/catch.hpp>

#include "event_report.hpp"
#include "fakes.hpp"
#include "fermata/dicom/data_set_writer.hpp"
#include "fermata/testing/memory_state_store.hpp"

using namespace fermata;
using namespace fermata::storage_commitment;
using namespace fermata::storage_commitment::testing;

namespace {

constexpr dicom::Tag kTransactionUid{0x0008, 0x1195};
constexpr dicom::Tag kReferencedSopSequence{0x0008, 0x1199};

std::vector<std::byte> request_data_set(const std::string& transaction_uid, int references) {
  dicom::DataSetWriter writer;
  if (!transaction_uid.empty()) writer.add(kTransactionUid, "UI", transaction_uid);
  writer.begin_sequence(kReferencedSopSequence);
  for (int i = 1; i <= references; ++i) {
    writer.begin_item();
    writer.add(dicom::Tag(0x0008, 0x1150), "UI", kCt);
    writer.add(dicom::Tag(0x0008, 0x1155), "UI", "1." + std::to_string(i));
    writer.end();
  }
  writer.end();
  return writer.take();
}

class Responder final : public DimseResponder {
 public:
  void send(const DimseResponse& response) override {
    status = response.status;
    comment = response.error_comment;
    ++sent;
  }
  bool cancelled() override { return false; }
  std::unique_ptr<DimseAssociation> association() override { return nullptr; }
  int sent = 0;
  uint16_t status = 0xffff;
  std::string comment;
};

struct Scene {
  Scene() {
    action.command_field = 0x0130;
    action.event_or_action_type = 1;
    action.sop_class_uid = kSopClassUid;
    action.sop_instance_uid = kSopInstanceUid;
    action.has_data_set = true;
    action.calling_ae_title = "CT1";
    action.called_ae_title = "ARCHIVE";
    action.peer_address = "10.0.0.7";
  }
  Responder answer(const std::vector<std::byte>& data_set) {
    action.data_set = data_set;
    Responder responder;
    CommitmentService(commitments).handle(action, responder);
    return responder;
  }
  std::vector<Transaction> stored() {
    std::vector<Transaction> list;
    store.for_each([&](Transaction&& t) { list.push_back(std::move(t)); }, [](const std::string&) {});
    return list;
  }
  fermata::testing::MemoryStateStore memory;
  TransactionStore store{memory};
  FakeArchive archive;
  Requester requester;
  Journal journal;
  Settings settings;
  Commitments commitments{store, archive, requester, settings, journal};
  DimseRequest action;
};

}  // namespace

TEST_CASE("a request is stored before it is answered") {
  Scene scene;
  const auto responder = scene.answer(request_data_set("9.1", 3));
  CHECK(responder.sent == 1);
  CHECK(responder.status == 0);
  const auto stored = scene.stored();
  REQUIRE(stored.size() == 1);
  CHECK(stored[0].uid == "9.1");
  CHECK(stored[0].ae_title == "CT1");
  CHECK(stored[0].address == "10.0.0.7");
  CHECK(stored[0].called_ae_title == "ARCHIVE");
  const auto references = scene.store.references(stored[0]);
  REQUIRE(references.size() == 3);
  CHECK(references[2].sop_class_uid == kCt);
  CHECK(references[2].sop_instance_uid == "1.3");
}

TEST_CASE("requests that make no sense are answered with the status that says why") {
  Scene scene;
  SECTION("another action") {
    scene.action.event_or_action_type = 2;
    CHECK(scene.answer(request_data_set("9.1", 1)).status == 0x0123);
  }
  SECTION("another instance") {
    scene.action.sop_instance_uid = "1.2.3";
    CHECK(scene.answer(request_data_set("9.1", 1)).status == 0x0112);
  }
  SECTION("another command") {
    scene.action.command_field = 0x0110;
    CHECK(scene.answer(request_data_set("9.1", 1)).status == 0x0211);
  }
  SECTION("no transaction UID") {
    const auto responder = scene.answer(request_data_set("", 1));
    CHECK(responder.status == 0x0115);
    CHECK(responder.comment == "Transaction UID (0008,1195) is missing");
  }
  SECTION("nothing to commit") { CHECK(scene.answer(request_data_set("9.1", 0)).status == 0x0115); }
  SECTION("no data set") { CHECK(scene.answer({}).status == 0x0115); }
  CHECK(scene.stored().empty());
}
