#include "storage.hpp"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmnet/scu.h>
#include <dcmtk/oflog/oflog.h>

#include <catch2/catch.hpp>
#include <numeric>

#include "fakes.hpp"
#include "status.hpp"

using namespace fermata;
using namespace fermata::dimse;
using namespace fermata::dimse::testing;
using namespace std::chrono_literals;

namespace {

std::string pattern(std::size_t length) {
  std::string text(length, '\0');
  for (std::size_t i = 0; i < length; ++i) text[i] = static_cast<char>(i * 131 + i / 251);
  return text;
}

const std::vector<ProposedContext> kStoreCt{{kCt, {kExplicit}}};

CommandSet store(Association& association, const CommandSet& request, std::string_view object) {
  association.send(association.contexts()[0].id, request, bytes(object));
  return association.receive(5s)->command;
}

}  // namespace

TEST_CASE("what is stored arrives byte for byte, whatever its size") {
  Server server;
  server.start();
  Client client(as("VIEWER"));
  const auto association = client.connect(server.destination(), kStoreCt);
  uint16_t id = 0;
  for (const std::size_t size : {0u, 1u, 2u, 131060u, 131061u, 131062u, 1000000u}) {
    const auto object = pattern(size);
    const auto response = store(*association, store_request(kCt, "1.2." + std::to_string(size), ++id), object);
    CHECK(response.field() == 0x8001);
    CHECK(response.status() == status::kSuccess);
    CHECK(response.message_id_responded_to() == id);
    CHECK(response.text(element::kAffectedSopInstanceUid) == "1.2." + std::to_string(size));
    CHECK(server.archive.kept().back().bytes == object);
  }
  association->release();
  const auto kept = server.archive.kept();
  CHECK(kept[0].transfer_syntax == kExplicit);
  CHECK(kept[0].sop_class == kCt);
  CHECK(kept[0].calling_ae_title == "VIEWER");
  CHECK(eventually([&] { return server.log.has("association ended calling_ae_title=VIEWER"); }));
  CHECK(server.log.has("stores=7"));
}

TEST_CASE("an object can be sent as a stream") {
  Server server;
  server.start();
  Client client(as("VIEWER"));
  const auto association = client.connect(server.destination(), kStoreCt);
  const auto object = pattern(700001);
  association->send(1, store_request(kCt, "1.2.3"), object.size(), [&](uint64_t offset, std::span<std::byte> into) {
    const auto count = std::min<std::size_t>(into.size(), 1000);  // a reader may give less than asked for
    std::copy_n(bytes(object).begin() + static_cast<std::ptrdiff_t>(offset), count, into.begin());
    return count;
  });
  CHECK(association->receive(5s)->command.status() == status::kSuccess);
  CHECK(server.archive.kept().at(0).bytes == object);
}

TEST_CASE("no PDU is longer than the peer takes, sent at once or as a stream") {
  for (const uint32_t maximum : {4096u, 16384u}) {
    ReceptionSettings settings;
    settings.maximum_pdu = maximum;
    Server server(settings);
    server.start();
    Client client(as("VIEWER"));
    const auto association = client.connect(server.destination(), kStoreCt);
    CHECK(association->peer_maximum_pdu() == maximum);
    for (const std::size_t size : {2u, maximum - 14, maximum - 12, maximum - 10, maximum, 2 * maximum, 100'000u}) {
      INFO(size << " bytes in PDUs of " << maximum);
      const auto object = pattern(size);
      auto request = store_request(kCt, "1.2.3");
      request.set_has_data_set(true);
      association->send(1, request, bytes(object));
      REQUIRE(association->receive(5s)->command.status() == 0);
      association->send(1, request, size, [&](uint64_t offset, std::span<std::byte> into) {
        std::copy_n(bytes(object).begin() + static_cast<std::ptrdiff_t>(offset), into.size(), into.begin());
        return into.size();
      });
      REQUIRE(association->receive(5s)->command.status() == 0);
      const auto kept = server.archive.kept();
      REQUIRE(kept.size() >= 2);
      CHECK(kept[kept.size() - 2].bytes == object);
      CHECK(kept.back().bytes == object);
    }
    association->release();
  }
}

TEST_CASE("a reader that fails while it is sent aborts the association and nothing is stored") {
  Server server;
  server.start();
  Client client(as("VIEWER"));
  const auto association = client.connect(server.destination(), kStoreCt);
  CHECK_THROWS_WITH(association->send(1, store_request(kCt, "1.2.3"), 500000,
                                      [](uint64_t offset, std::span<std::byte> into) {
                                        if (offset > 200000) throw Error(Code::io, "the disk is gone");
                                        return into.size();
                                      }),
                    "the disk is gone");
  CHECK_THROWS_AS(association->receive(5s), AssociationLost);
  CHECK(eventually([&] { return server.archive.dropped == 1; }));
  CHECK(server.archive.kept().empty());
}

TEST_CASE("every outcome of the archive has its status, and the association goes on") {
  Server server;
  server.start();
  Client client(as("VIEWER"));
  const auto association = client.connect(server.destination(), kStoreCt);
  using Kind = StoreOutcome::Kind;
  using Refusal = StoreOutcome::Refusal;
  struct Row {
    Kind kind;
    Refusal refusal;
    uint16_t status;
  };
  const std::vector<Row> rows = {
      {Kind::stored, Refusal::none, 0x0000},
      {Kind::identical, Refusal::none, 0x0000},
      {Kind::kept_first, Refusal::none, 0x0000},
      {Kind::replaced, Refusal::none, 0x0000},
      {Kind::refused, Refusal::out_of_space, 0xa700},
      {Kind::refused, Refusal::not_understood, 0xc000},
      {Kind::refused, Refusal::missing_attribute, 0xa900},
      {Kind::refused, Refusal::sop_class_mismatch, 0xa900},
      {Kind::refused, Refusal::duplicate, 0x0111},
      {Kind::refused, Refusal::rule, 0x0124},
      {Kind::refused, Refusal::too_large, 0xa700},
      {Kind::refused, Refusal::stopping, 0xa700},
      {Kind::refused, Refusal::failure, 0x0110},
  };
  for (const auto& row : rows) {
    server.archive.answer({row.kind, row.refusal, "because " + std::string(80, 'x')});
    const auto response = store(*association, store_request(kCt, "1.2.3"), "object");
    CHECK(response.status() == row.status);
    const auto comment = response.text(element::kErrorComment);
    CHECK(comment.size() == (row.kind == Kind::refused ? 64 : 0));
  }
}

TEST_CASE("requests that make no sense get a failure and the association goes on") {
  Server server;
  server.start();
  Client client(as("VIEWER"));
  const auto association = client.connect(server.destination(), kStoreCt);

  CHECK(store(*association, store_request("1.2.840.10008.5.1.4.1.1.4", "1.2.3"), "object").status() == 0x0122);

  association->send(1, store_request(kCt, "1.2.3"));
  CHECK(association->receive(5s)->command.status() == 0xc000);

  auto unknown = store_request(kCt, "1.2.3");
  unknown.set_u16(element::kCommandField, 0x0444);
  CHECK(store(*association, unknown, "object").status() == 0x0211);

  auto find = store_request(kCt, "1.2.3");
  find.set_u16(element::kCommandField, field::kFind);
  CHECK(store(*association, find, "object").status() == 0x0211);

  auto cancel = store_request(kCt, "1.2.3");
  cancel.set_u16(element::kCommandField, field::kCancel);
  association->send(1, cancel);  // for nothing that runs: no answer

  auto stray = CommandSet::response_to(store_request(kCt, "1.2.3"), 0);
  association->send(1, stray);  // neither

  CHECK(server.archive.kept().empty());
  CHECK(store(*association, store_request(kCt, "1.2.3", 9), "object").message_id_responded_to() == 9);
  CHECK(server.archive.kept().size() == 1);
}

TEST_CASE("a peer that aborts or vanishes in the middle of an object leaves nothing") {
  Server server;
  server.start();
  Client client(as("VIEWER"));
  for (const bool politely : {true, false}) {
    const auto association = client.connect(server.destination(), kStoreCt);
    const auto begun = server.archive.begun.load();
    CHECK_THROWS(association->send(1, store_request(kCt, "1.2.3"), 1000000,
                                   [&](uint64_t offset, std::span<std::byte> into) -> std::size_t {
                                     if (offset < 600000) return into.size();
                                     eventually([&] { return server.archive.begun > begun; });
                                     if (politely)
                                       association->abort();
                                     else
                                       association->abort_soon();
                                     throw Error(Code::cancelled, "enough");
                                   }));
  }
  CHECK(eventually([&] { return server.archive.dropped == 2; }));
  CHECK(server.archive.kept().empty());
}

TEST_CASE("who may only retrieve can't store on the contexts it receives on") {
  Server server;
  class Nobody : public Service {
    void handle(Session&, const Message&) override {}
  } nobody;
  server.classes.add("1.2.840.10008.5.1.4.1.2.2.3", kMayRetrieve, nobody);
  server.application_entities.known["READER"] = kMayRetrieve;
  server.start();
  Client client(as("READER"));
  const std::vector<ProposedContext> proposed{{kCt, {kExplicit}}, {"1.2.840.10008.5.1.4.1.2.2.3", {kExplicit}}};
  const auto association = client.connect(server.destination(), proposed);
  CHECK(store(*association, store_request(kCt, "1.2.3"), "object").status() == 0x0124);
  CHECK(server.archive.begun == 0);
}

TEST_CASE("DCMTK's own SCU echoes and stores, with a small maximum PDU") {
  Server server;
  server.start();
  OFLog::configure(OFLogger::FATAL_LOG_LEVEL);
  DcmSCU scu;
  scu.setPeerHostName("127.0.0.1");
  scu.setPeerPort(server.port());
  scu.setAETitle("VIEWER");
  scu.setPeerAETitle("ANYTHING");
  scu.setMaxReceivePDULength(4096);
  scu.setACSETimeout(5);
  scu.setDIMSETimeout(5);
  OFList<OFString> syntaxes;
  syntaxes.push_back(UID_BigEndianExplicitTransferSyntax);
  syntaxes.push_back(UID_LittleEndianImplicitTransferSyntax);
  REQUIRE(scu.addPresentationContext(UID_VerificationSOPClass, syntaxes).good());
  REQUIRE(scu.addPresentationContext(UID_CTImageStorage, syntaxes).good());
  REQUIRE(scu.initNetwork().good());
  REQUIRE(scu.negotiateAssociation().good());
  CHECK(scu.sendECHORequest(0).good());

  DcmDataset data_set;
  data_set.putAndInsertString(DCM_SOPClassUID, UID_CTImageStorage);
  data_set.putAndInsertString(DCM_SOPInstanceUID, "1.2.3");
  std::vector<Uint16> pixels(50000, 7);
  data_set.putAndInsertUint16Array(DCM_PixelData, pixels.data(), pixels.size());
  Uint16 answer = 1;
  const auto context = scu.findPresentationContextID(UID_CTImageStorage, UID_LittleEndianImplicitTransferSyntax);
  REQUIRE(context != 0);
  CHECK(scu.sendSTORERequest(context, OFFilename(), &data_set, answer).good());
  CHECK(answer == 0);
  CHECK(scu.releaseAssociation().good());
  const auto kept = server.archive.kept();
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].transfer_syntax == kImplicit);
  CHECK(kept[0].bytes.size() > 100000);
  CHECK(kept[0].sop_instance == "1.2.3");
}
