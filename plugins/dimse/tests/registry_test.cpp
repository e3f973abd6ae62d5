#include "plugin-services/registry.hpp"

#include <catch2/catch.hpp>

#include "fakes.hpp"
#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dicom/data_set_writer.hpp"

using namespace fermata;
using namespace fermata::dimse;
using namespace fermata::dimse::testing;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kPrivateClass = "1.2.826.0.1.3680043.9.9999.1";

/// What another plugin would bring: answers N-ACTION and N-GET of a private SOP Class.
class Counter : public DimseService {
 public:
  void handle(const DimseRequest& request, DimseResponder& responder) override {
    last_caller = request.calling_ae_title;
    DimseResponse response;
    if (request.command_field == field::kNAction && request.event_or_action_type == 7) {
      const auto name = dicom::DataSetView(request.data_set).text(dicom::Tag(0x0010, 0x0010));
      dicom::DataSetWriter writer;
      writer.add(dicom::Tag(0x0008, 0x0005), dicom::Vr("CS"), "ISO_IR 192");
      writer.add(dicom::Tag(0x0010, 0x0010), dicom::Vr("PN"), "got " + std::string(name));
      const auto bytes = writer.take();
      response.has_data_set = true;
      response.data_set = bytes;
      response.event_or_action_type = 7;
      responder.send(response);
    } else if (request.command_field == field::kNGet) {
      response.status = request.attributes.size() == 2 ? 0 : 0x0107;
      response.sop_instance_uid = "1.2.3.4.5";
      responder.send(response);
    } else if (request.command_field == field::kFind) {
      for (response.status = 0xff00; !responder.cancelled(); std::this_thread::sleep_for(1ms)) responder.send(response);
      response.status = 0xfe00;
      responder.send(response);
    } else if (request.command_field == field::kNSet) {
      throw Error(Code::invalid, "nothing can be set");
    }
  }
  std::string last_caller;
};

CommandSet request(uint16_t command_field) {
  CommandSet command;
  command.set_u16(element::kCommandField, command_field);
  command.set_u16(element::kMessageId, 11);
  command.set_text(element::kRequestedSopClassUid, kPrivateClass);
  command.set_text(element::kRequestedSopInstanceUid, "1.2.3");
  return command;
}

struct Scene {
  Scene() {
    const std::string_view uids[] = {kPrivateClass};
    registry.add(uids, kMayQuery, counter);
    server.start();
    association =
        client.connect(server.destination(), std::vector<ProposedContext>{{std::string(kPrivateClass), {kImplicit}}});
  }
  ~Scene() {
    association.reset();
    server.acceptor.reset();  // its associations use what is registered
  }
  Counter counter;
  Server server;
  Registry registry{server.classes};
  Client client{as("VIEWER")};
  std::unique_ptr<Association> association;
};

}  // namespace

TEST_CASE("another plugin's SOP class is negotiated, and its data sets come as Explicit VR in UTF-8") {
  Scene scene;
  CHECK(scene.association->contexts()[0].transfer_syntax == kImplicit);
  auto action = request(field::kNAction);
  action.set_u16(element::kActionTypeId, 7);
  // Implicit VR: (0008,0005) ISO_IR 100, (0010,0010) "Müller" in Latin-1
  const std::string data_set("\x08\x00\x05\x00\x0a\x00\x00\x00ISO_IR 100\x10\x00\x10\x00\x06\x00\x00\x00M\xfcller", 32);
  scene.association->send(1, action, bytes(data_set));
  const auto response = scene.association->receive(5s);
  CHECK(response->command.field() == 0x8130);
  CHECK(response->command.status() == 0);
  CHECK(response->command.u16(element::kActionTypeId) == 7);
  CHECK(response->command.text(element::kAffectedSopClassUid) == kPrivateClass);
  REQUIRE(response->command.has_data_set());
  const auto answer = scene.association->receive_data_set(1000);
  const std::string text(reinterpret_cast<const char*>(answer.data()), answer.size());
  CHECK(text.find("got M\xfcller") != std::string::npos);  // and go back in a character set that all viewers know
  CHECK(text.find("PN") == std::string::npos);
  CHECK(scene.counter.last_caller == "VIEWER");
}

TEST_CASE("a response may name another object, and attribute lists arrive") {
  Scene scene;
  auto get = request(field::kNGet);
  get.set_tags(element::kAttributeIdentifierList, std::vector<uint32_t>{0x00100010, 0x00100020});
  scene.association->send(1, get);
  const auto response = scene.association->receive(5s)->command;
  CHECK(response.status() == 0);
  CHECK(response.text(element::kAffectedSopInstanceUid) == "1.2.3.4.5");
}

TEST_CASE("another plugin's service can be cancelled") {
  Scene scene;
  scene.association->send(1, request(field::kFind));
  CHECK(scene.association->receive(5s)->command.status() == 0xff00);
  CommandSet cancel;
  cancel.set_u16(element::kCommandField, field::kCancel);
  cancel.set_u16(element::kMessageIdRespondedTo, 11);
  scene.association->send(1, cancel);
  uint16_t status = 0xff00;
  while (status == 0xff00) status = scene.association->receive(5s)->command.status();
  CHECK(status == 0xfe00);
}

TEST_CASE("a service that throws or says nothing is answered for") {
  Scene scene;
  scene.association->send(1, request(field::kNSet));
  const auto failed = scene.association->receive(5s)->command;
  CHECK(failed.status() == 0x0110);
  CHECK(failed.text(element::kErrorComment) == "nothing can be set");
  scene.association->send(1, request(field::kNDelete));
  CHECK(scene.association->receive(5s)->command.status() == 0x0110);
}

TEST_CASE("a data set that can't be read is a failure of this request only") {
  Scene scene;
  auto action = request(field::kNAction);
  action.set_u16(element::kActionTypeId, 7);
  scene.association->send(1, action, bytes("this is not a data set at all"));
  CHECK(scene.association->receive(5s)->command.status() == 0x0110);
  scene.association->send(1, action,
                          bytes(std::string_view("\x10\x00\x10\x00\x02\x00\x00\x00"
                                                 "AB",
                                                 10)));
  CHECK(scene.association->receive(5s)->command.status() == 0);
}

TEST_CASE("a data set that nests sequences too deeply is a failure of this request only, and counted") {
  Scene scene;
  auto action = request(field::kNAction);
  action.set_u16(element::kActionTypeId, 7);
  std::string data_set;
  for (int i = 0; i < 100; ++i)
    data_set += std::string("\x40\x00\x75\x02\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff", 16);
  scene.association->send(1, action, bytes(data_set));
  CHECK(scene.association->receive(5s)->command.status() == 0x0110);
  CHECK(scene.server.log.counted("limit_nesting_total") == 1);
  scene.association->send(1, action, bytes(std::string_view("\x10\x00\x10\x00\x02\x00\x00\x00YZ", 10)));
  CHECK(scene.association->receive(5s)->command.status() == 0);
}

TEST_CASE("SOP classes need the rights they were registered with, and are added in time") {
  Scene scene;
  scene.server.application_entities.known["SENDER"] = kMayStore;
  Client sender(as("SENDER"));
  CHECK_THROWS_AS(sender.connect(scene.server.destination(),
                                 std::vector<ProposedContext>{{std::string(kPrivateClass), {kImplicit}}}),
                  Error);
  const std::string_view uids[] = {kPrivateClass};
  CHECK_THROWS_AS(scene.registry.add(uids, 0, scene.counter), Error);
  scene.registry.close();
  const std::string_view others[] = {"1.2.3"};
  CHECK_THROWS_AS(scene.registry.add(others, 0, scene.counter), Error);
}
