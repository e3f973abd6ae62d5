#include <catch2/catch.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "fermata/dimse_client.hpp"
#include "fermata/dimse_services.hpp"
#include "fermata/testing/sample_instance.hpp"
#include "fermata/testing/threads_and_errors.hpp"
#include "fermata/testing/through_boundary.hpp"

using namespace fermata;
using namespace fermata::testing;
using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

namespace {

Strings copies(std::span<const std::string_view> views) { return {views.begin(), views.end()}; }
std::string text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

constexpr uint32_t kAttributes[] = {0x00100010, 0x00100020};

/// A request with every member set, and what there is to see of it.
const DimseRequest kRequest{0x0130,           7,           2,         "1.1",    "1.2",       true,
                            bytes("request"), kAttributes, "CALLING", "CALLED", "127.0.0.1", "STORE"};

std::string shown(const DimseRequest& r) {
  std::string out = std::to_string(r.command_field) + "|" + std::to_string(r.message_id) + "|" +
                    std::to_string(r.event_or_action_type) + "|" + std::string(r.sop_class_uid) + "|" +
                    std::string(r.sop_instance_uid) + "|" + (r.has_data_set ? text(r.data_set) : "none") + "|";
  for (const auto tag : r.attributes) out += std::to_string(tag) + ",";
  return out + "|" + std::string(r.calling_ae_title) + "|" + std::string(r.called_ae_title) + "|" +
         std::string(r.peer_address) + "|" + std::string(r.move_destination);
}

const DimseResponse kResponse{0xff00, 3, "1.2", "1.3", "comment", true, bytes("answer"), kAttributes, 0xa710};

std::string shown(const DimseResponse& r) {
  std::string out = std::to_string(r.status) + "|" + std::to_string(r.event_or_action_type) + "|" +
                    std::string(r.sop_class_uid) + "|" + std::string(r.sop_instance_uid) + "|" +
                    std::string(r.error_comment) + "|" + (r.has_data_set ? text(r.data_set) : "none") + "|";
  for (const auto tag : r.attributes) out += std::to_string(tag) + ",";
  return out + "|" + std::to_string(r.error_id);
}

class Sink final : public DimseResponseSink {
 public:
  bool take(const DimseResponse& response) override {
    taken.push_back(shown(response));
    return taken.size() < 2;
  }
  Strings taken;
};

/// What was done with associations, whoever owned them.
struct Seen {
  int alive = 0;
  int aborted = 0;
  std::string requested;
  std::chrono::milliseconds timeout{0};
  std::vector<bool> wanted_more;
};

class FakeAssociation final : public DimseAssociation {
 public:
  explicit FakeAssociation(Seen& seen) : seen_(seen) { ++seen_.alive; }
  ~FakeAssociation() override { --seen_.alive; }
  void request(const DimseRequest& request, std::chrono::milliseconds timeout, DimseResponseSink& sink) override {
    seen_.requested = shown(request);
    seen_.timeout = timeout;
    seen_.wanted_more = {sink.take(kResponse), sink.take({})};
    if (request.command_field == 0) throw Error(Code::unavailable, "the peer is gone");
  }
  void abort() override { ++seen_.aborted; }
  void store(const InstanceRecord& record, std::chrono::milliseconds timeout, DimseResponseSink& sink) override {
    seen_.requested = "store " + std::string(record.sop_instance_uid);
    seen_.timeout = timeout;
    sink.take(kResponse);
  }

 private:
  Seen& seen_;
};

class FakeClient final : public DimseClient {
 public:
  std::unique_ptr<DimseAssociation> open(const DimseDestination& destination,
                                         std::span<const DimseContext> contexts) override {
    if (contexts.empty()) throw Error(Code::invalid, "no context");
    asked = {std::string(destination.ae_title), std::string(destination.caller_address),
             std::string(destination.calling_ae_title)};
    for (const auto& context : contexts) {
      std::string line(context.abstract_syntax);
      for (const auto& uid : copies(context.transfer_syntaxes)) line += " " + uid;
      proposed.push_back(line + " " + std::to_string(static_cast<uint32_t>(context.role)));
    }
    return std::make_unique<FakeAssociation>(seen);
  }
  Seen seen;
  Strings asked;
  Strings proposed;
};

class FakeService final : public DimseService {
 public:
  void handle(const DimseRequest& request, DimseResponder& responder) override {
    seen = shown(request);
    if (responder.cancelled()) return;
    responder.send(kResponse);
    responder.send({});
    kept = responder.association();
  }
  std::string seen;
  std::unique_ptr<DimseAssociation> kept;
};

class FakeResponder final : public DimseResponder {
 public:
  void send(const DimseResponse& r) override { sent.push_back(shown(r)); }
  bool cancelled() override { return is_cancelled; }
  std::unique_ptr<DimseAssociation> association() override { return std::make_unique<FakeAssociation>(seen); }
  Strings sent;
  bool is_cancelled = false;
  Seen seen;
};

class FakeServices final : public DimseServices {
 public:
  void add(std::span<const std::string_view> uids, Rights rights, DimseService& added) override {
    if (rights == 0) throw Error(Code::conflict, "taken");
    sop_classes = copies(uids);
    service = &added;
  }
  Strings sop_classes;
  DimseService* service = nullptr;
};

}  // namespace

TEST_CASE("a registered service is reached as long as the registry is published") {
  FakeResponder responder;  // whose association the service keeps
  FakeServices services;
  const auto remote = through_boundary<DimseServices>(services);
  FakeService service;
  const std::string_view uids[] = {"1.2.840.10008.5.1.4.31", "1.2.840.10008.1.20.1"};
  remote->add(uids, kMayQuery, service);
  CHECK(services.sop_classes == Strings{"1.2.840.10008.5.1.4.31", "1.2.840.10008.1.20.1"});
  CHECK(code_of([&] { remote->add(uids, 0, service); }) == Code::conflict);
  REQUIRE(services.service != nullptr);
  CHECK(services.service != &service);  // through the boundary in both directions

  services.service->handle(kRequest, responder);
  CHECK(service.seen == shown(kRequest));
  CHECK(responder.sent == Strings{shown(kResponse), shown(DimseResponse{})});
  responder.is_cancelled = true;
  services.service->handle({}, responder);
  CHECK(responder.sent.size() == 2);
}

TEST_CASE("the association of a request outlives the call and takes requests the other way") {
  FakeServices services;
  const auto remote = through_boundary<DimseServices>(services);
  FakeService service;
  const std::string_view uids[] = {"1.2.3"};
  remote->add(uids, kMayStore, service);
  FakeResponder responder;
  services.service->handle({}, responder);
  REQUIRE(service.kept);
  Sink sink;
  service.kept->request(kRequest, 1500ms, sink);
  CHECK(responder.seen.requested == shown(kRequest));
  CHECK(responder.seen.timeout == 1500ms);
  CHECK(sink.taken == Strings{shown(kResponse), shown(DimseResponse{})});
  CHECK(responder.seen.wanted_more == std::vector<bool>{true, false});
  service.kept->abort();
  CHECK(responder.seen.aborted == 1);
  service.kept.reset();
  CHECK(responder.seen.alive == 0);
}

TEST_CASE("a client opens associations with contexts, transfer syntaxes and roles") {
  FakeClient client;
  const auto remote = through_boundary<DimseClient>(client);
  const std::string_view compressed[] = {"1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.1"};
  const DimseContext contexts[] = {{"1.2.840.10008.1.20.1", {}, DimseRole::scp},
                                   {"1.2.840.10008.5.1.4.1.1.2", compressed, DimseRole::both},
                                   {"1.2.840.10008.1.1", {}}};
  auto association = remote->open({"CT1", "10.0.0.7", "ARCHIVE"}, contexts);
  CHECK(client.asked == Strings{"CT1", "10.0.0.7", "ARCHIVE"});
  CHECK(client.proposed == Strings{"1.2.840.10008.1.20.1 1",
                                   "1.2.840.10008.5.1.4.1.1.2 1.2.840.10008.1.2.4.90 1.2.840.10008.1.2.1 2",
                                   "1.2.840.10008.1.1 0"});
  CHECK(client.seen.alive == 1);
  Sink sink;
  CHECK(code_of([&] { association->request({}, 1ms, sink); }) == Code::unavailable);
  const SampleInstance sample("1", "1.1", "1.1.1");
  association->store(sample.record(), 2s, sink);
  CHECK(client.seen.requested == "store 1.1.1");
  CHECK(client.seen.timeout == 2s);
  CHECK(sink.taken.back() == shown(kResponse));
  association.reset();
  CHECK(client.seen.alive == 0);
  CHECK(code_of([&] { remote->open({"CT1", {}, {}}, {}); }) == Code::invalid);
}

TEST_CASE("a response from an older plugin has no attributes and no error id") {
  fermata_dimse_response old{};
  old.size = offsetof(fermata_dimse_response, attributes);
  old.status = 0x0110;
  old.attribute_count = 5;  // beyond what it said it has
  old.error_id = 7;
  const DimseResponse response = bridge::Wire<const DimseResponse&>::from(&old);
  CHECK(response.status == 0x0110);
  CHECK(response.attributes.empty());
  CHECK(response.error_id == 0);
}
