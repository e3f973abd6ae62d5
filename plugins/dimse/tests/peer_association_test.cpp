#include "plugin-services/peer_association.hpp"

#include <catch2/catch.hpp>

#include <future>
#include <thread>

#include "fakes.hpp"
#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dicom/data_set_writer.hpp"
#include "plugin-services/registry.hpp"

using namespace fermata;
using namespace fermata::dimse;
using namespace fermata::dimse::testing;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kCommitment = "1.2.840.10008.1.20.1";
constexpr dicom::Tag kTransactionUid{0x0008, 0x1195};

/// Answers N-ACTION and keeps the association that it came on.
class Keeper : public DimseService {
 public:
  void handle(const DimseRequest&, DimseResponder& responder) override {
    responder.send({});
    kept.set_value(responder.association());
  }
  std::promise<std::unique_ptr<DimseAssociation>> kept;
};

class Statuses : public DimseResponseSink {
 public:
  bool take(const DimseResponse& response) override {
    list.push_back(response.status);
    event_type = response.event_or_action_type;
    return true;
  }
  std::vector<uint16_t> list;
  uint16_t event_type = 0;
};

/// An archive, and a modality that has just sent N-ACTION.
struct Scene {
  explicit Scene(ReceptionSettings settings = {}) : server(settings) {
    const std::string_view uids[] = {kCommitment};
    registry.add(uids, kMayStore, keeper);
    server.start();
    modality = client.connect(
        server.destination(),
        std::vector<ProposedContext>{{std::string(kCommitment), {kImplicit}}, {std::string(kEcho), {kImplicit}}});
    CommandSet action;
    action.set_u16(element::kCommandField, field::kNAction);
    action.set_u16(element::kMessageId, 1);
    action.set_text(element::kRequestedSopClassUid, kCommitment);
    action.set_u16(element::kActionTypeId, 1);
    modality->send(1, action);
    REQUIRE(modality->receive(5s)->command.status() == 0);
    archive_side = keeper.kept.get_future().get();
  }

  /// N-EVENT-REPORT on a thread of its own, as another plugin sends it.
  std::future<Statuses> report(std::chrono::milliseconds timeout = 5s) {
    return std::async(std::launch::async, [this, timeout] {
      dicom::DataSetWriter data_set;
      data_set.add(kTransactionUid, "UI", "1.2.3.4");
      DimseRequest event;
      event.command_field = field::kNEventReport;
      event.event_or_action_type = 2;
      event.sop_class_uid = kCommitment;
      event.sop_instance_uid = "1.2.840.10008.1.20.1.1";
      event.has_data_set = true;
      event.data_set = data_set.bytes();
      Statuses statuses;
      archive_side->request(event, timeout, statuses);
      return statuses;
    });
  }
  void answer(const Message& request, uint16_t status) {
    modality->send(request.context_id, CommandSet::response_to(request.command, status));
  }

  ~Scene() {
    archive_side.reset();
    modality.reset();
    server.acceptor.reset();  // its associations use what is registered
  }

  Keeper keeper;
  Server server;
  Registry registry{server.classes};
  Client client{as("VIEWER")};
  std::unique_ptr<Association> modality;
  std::unique_ptr<DimseAssociation> archive_side;
};

Code code_of(std::future<Statuses>& reported, std::string& message) {
  try {
    reported.get();
  } catch (const Error& error) {
    message = error.what();
    return error.code();
  }
  return Code::internal;
}

}  // namespace

TEST_CASE("a request goes out on the association on which the peer has asked") {
  Scene scene;
  auto reported = scene.report();
  const auto event = scene.modality->receive(5s);
  REQUIRE(event);
  CHECK(event->command.field() == field::kNEventReport);
  CHECK(event->command.text(element::kAffectedSopClassUid) == kCommitment);
  CHECK(event->command.text(element::kAffectedSopInstanceUid) == "1.2.840.10008.1.20.1.1");
  CHECK(event->command.u16(element::kEventTypeId) == 2);
  REQUIRE(event->command.has_data_set());
  const auto data_set = scene.modality->receive_data_set(1000);
  const std::string text(reinterpret_cast<const char*>(data_set.data()), data_set.size());
  CHECK(text.find("1.2.3.4") != std::string::npos);
  CHECK(text.find("UI") == std::string::npos);  // Implicit VR, as negotiated
  scene.answer(*event, 0x0110);
  const auto statuses = reported.get();
  CHECK(statuses.list == std::vector<uint16_t>{0x0110});
  CHECK(statuses.event_type == 2);
}

TEST_CASE("what the peer asks before it answers is served") {
  Scene scene;
  auto reported = scene.report();
  const auto event = scene.modality->receive(5s);
  scene.modality->receive_data_set(1000);
  scene.modality->send(3, echo_request(7));
  const auto echoed = scene.modality->receive(5s)->command;
  CHECK(echoed.field() == (field::kEcho | field::kResponse));
  CHECK(echoed.message_id_responded_to() == 7);
  scene.answer(*event, 0);
  CHECK(reported.get().list == std::vector<uint16_t>{0});
}

TEST_CASE("requests go out one after the other") {
  Scene scene;
  auto first = scene.report();
  auto second = scene.report();
  for (int i = 0; i < 2; ++i) {
    const auto event = scene.modality->receive(5s);
    scene.modality->receive_data_set(1000);
    CHECK_FALSE(scene.modality->cancelled(99));  // looks for more, and finds none before the answer
    scene.answer(*event, static_cast<uint16_t>(i));
  }
  auto statuses = first.get().list;
  statuses.push_back(second.get().list.front());
  std::sort(statuses.begin(), statuses.end());
  CHECK(statuses == std::vector<uint16_t>{0, 1});
}

TEST_CASE("a request fails when the peer releases instead") {
  Scene scene;
  scene.modality->release();
  std::string message;
  auto reported = scene.report();
  CHECK(code_of(reported, message) == Code::unavailable);
  CHECK(message == "VIEWER at 127.0.0.1: it has released the association");
}

TEST_CASE("a request fails when the peer goes away before it answers") {
  Scene scene;
  auto reported = scene.report();
  scene.modality->receive(5s);
  scene.modality->abort();
  std::string message;
  CHECK(code_of(reported, message) == Code::unavailable);
  CHECK(message == "VIEWER at 127.0.0.1: the peer aborted");
}

TEST_CASE("a peer that does not answer is not asked again, and is served as before") {
  Scene scene;
  std::string message;
  auto reported = scene.report(100ms);
  const auto event = scene.modality->receive(5s);
  CHECK(code_of(reported, message) == Code::unavailable);
  CHECK(message == "VIEWER at 127.0.0.1: it has not answered a request in time");
  auto again = scene.report(30s);
  CHECK(code_of(again, message) == Code::unavailable);
  scene.modality->receive_data_set(1000);
  scene.answer(*event, 0);  // too late
  scene.modality->send(3, echo_request());
  CHECK(scene.modality->receive(5s)->command.field() == (field::kEcho | field::kResponse));
}

TEST_CASE("a request that waits is given up from another thread, or when the archive stops") {
  Scene scene;
  auto reported = scene.report(30s);
  scene.modality->receive(5s);
  std::string message;
  SECTION("given up") {
    scene.archive_side->abort();
    CHECK(code_of(reported, message) == Code::unavailable);
    CHECK(message == "VIEWER at 127.0.0.1: given up");
  }
  SECTION("the archive stops") {
    scene.server.acceptor->drain(0ms);
    CHECK(code_of(reported, message) == Code::unavailable);
  }
}

TEST_CASE("a SOP class that the peer has not proposed can't be reported on") {
  Scene scene;
  DimseRequest event;
  event.command_field = field::kNEventReport;
  event.sop_class_uid = "1.2.3";
  Statuses statuses;
  CHECK_THROWS_WITH(scene.archive_side->request(event, 1s, statuses),
                    "VIEWER at 127.0.0.1 has not accepted the SOP Class 1.2.3");
}
