#include "plugin-services/node_client.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <future>
#include <thread>

#include "fakes.hpp"
#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dicom/data_set_writer.hpp"
#include "plugin-services/registry.hpp"
#include "status.hpp"

using namespace fermata;
using namespace fermata::dimse;
using namespace fermata::dimse::testing;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kCommitment = "1.2.840.10008.1.20.1";
constexpr std::string_view kWorklist = "1.2.840.10008.5.1.4.31";
constexpr dicom::Tag kPatientName{0x0010, 0x0010};

/// Knows one node, and callers by their address.
class Nodes : public FakeApplicationEntities {
 public:
  explicit Nodes(uint16_t port) : port_(port) {}
  std::unique_ptr<ApplicationEntityCursor> resolve(std::string_view ae_title, const Caller& caller) override {
    if (ae_title == "FERMATA") return std::make_unique<One>("127.0.0.1", port_);
    if (ae_title == "NOHOST") return std::make_unique<One>("", port_);
    if (ae_title == caller.calling_ae_title) return std::make_unique<One>(std::string(caller.address), port_);
    return std::make_unique<One>("none", uint16_t{0});
  }

 private:
  class One : public ApplicationEntityCursor {
   public:
    One(std::string host, uint16_t port) : host_(std::move(host)), port_(port) {}
    bool next(ApplicationEntity& entity) override {
      if (port_ == 0) return false;
      entity = {"NODE", host_, port_};
      return true;
    }

   private:
    std::string host_;
    uint16_t port_;
  };
  uint16_t port_;
};

/// What the peer does: takes N-EVENT-REPORT, answers C-FIND with names until it is told to stop, and lets others wait.
class Peer : public DimseService {
 public:
  void handle(const DimseRequest& request, DimseResponder& responder) override {
    calling_ae_title = request.calling_ae_title;
    DimseResponse response;
    if (request.command_field == field::kNEventReport) {
      event_type = request.event_or_action_type;
      response.status = 0x0112;
      response.error_id = 0x1234;
      response.error_comment = "never heard of it";
    } else if (request.command_field == field::kFind) {
      find(request, responder);
      response.status = responder.cancelled() ? 0xfe00 : 0;
    } else {
      std::this_thread::sleep_for(500ms);
    }
    responder.send(response);
  }
  std::string calling_ae_title;
  uint16_t event_type = 0;
  std::atomic<int> answers{3};  ///< 0: without end

 private:
  void find(const DimseRequest& request, DimseResponder& responder) const {
    for (int i = 0; (answers == 0 || i < answers) && !responder.cancelled(); ++i) {
      dicom::DataSetWriter answer;
      answer.add(kPatientName, "PN",
                 std::string(dicom::DataSetView(request.data_set).text(kPatientName)) + std::to_string(i));
      DimseResponse pending;
      pending.status = 0xff00;
      pending.has_data_set = true;
      pending.data_set = answer.bytes();
      responder.send(pending);
    }
  }
};

class Answers : public DimseResponseSink {
 public:
  bool take(const DimseResponse& response) override {
    last = response.status;
    error_id = response.error_id;
    error_comment = response.error_comment;
    if (response.has_data_set) names.emplace_back(dicom::DataSetView(response.data_set).text(kPatientName));
    return names.size() < wanted;
  }
  std::size_t wanted = 100;
  uint16_t last = 0xffff;
  uint16_t error_id = 0;
  std::string error_comment;
  std::vector<std::string> names;
};

struct Scene {
  Scene() {
    const std::string_view uids[] = {kCommitment, kWorklist};
    registry.add(uids, kMayQuery, peer);
    server.start();
  }
  ~Scene() { server.acceptor.reset(); }  // its associations use what is registered
  std::unique_ptr<DimseAssociation> open(std::string_view abstract_syntax, DimseRole role = DimseRole::scu) {
    Nodes nodes(server.port());
    const DimseContext contexts[] = {{abstract_syntax, {}, role}};
    return NodeClient(client, nodes, server.archive, nullptr).open({"FERMATA", {}, {}}, contexts);
  }
  Peer peer;
  Server server;
  Registry registry{server.classes};
  Client client{as("VIEWER")};
};

DimseRequest request_of(uint16_t command_field, std::string_view sop_class) {
  DimseRequest request;
  request.command_field = command_field;
  request.sop_class_uid = sop_class;
  return request;
}

class Listener {
 public:
  Listener() : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    REQUIRE(::bind(descriptor_, reinterpret_cast<sockaddr*>(&address), length) == 0);
    REQUIRE(::listen(descriptor_, 1) == 0);
    ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &length);
    port = ntohs(address.sin_port);
  }
  ~Listener() { ::close(descriptor_); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  /// The first bytes that somebody sends.
  std::string listen() const {
    const int connection = ::accept(descriptor_, nullptr, nullptr);
    std::string bytes(4096, '\0');
    const auto count = ::recv(connection, bytes.data(), bytes.size(), 0);
    bytes.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
    ::close(connection);
    return bytes;
  }
  uint16_t port = 0;

 private:
  int descriptor_;
};

}  // namespace

TEST_CASE("a node is verified with C-ECHO") {
  Scene scene;
  Answers answers;
  scene.open(kEcho)->request(request_of(field::kEcho, kEcho), 5s, answers);
  CHECK(answers.last == 0);
}

TEST_CASE("an event is reported, and the peer's complaint arrives whole") {
  Scene scene;
  const auto association = scene.open(kCommitment, DimseRole::scp);
  auto event = request_of(field::kNEventReport, kCommitment);
  event.event_or_action_type = 1;
  Answers answers;
  association->request(event, 5s, answers);
  CHECK(scene.peer.event_type == 1);
  CHECK(scene.peer.calling_ae_title == "VIEWER");
  CHECK(answers.last == 0x0112);
  CHECK(answers.error_id == 0x1234);
  CHECK(answers.error_comment == "never heard of it");
}

TEST_CASE("a query's answers come one by one, then the final response") {
  Scene scene;
  const auto association = scene.open(kWorklist);
  dicom::DataSetWriter identifier;
  identifier.add(dicom::kSpecificCharacterSet, "CS", "ISO_IR 192");
  identifier.add(kPatientName, "PN", "山田^太郎");
  auto find = request_of(field::kFind, kWorklist);
  find.has_data_set = true;
  find.data_set = identifier.bytes();
  Answers answers;
  association->request(find, 5s, answers);
  CHECK(answers.names == std::vector<std::string>{"山田^太郎0", "山田^太郎1", "山田^太郎2"});
  CHECK(answers.last == 0);

  SECTION("a query without end is cancelled when there is enough") {
    scene.peer.answers = 0;
    Answers few;
    few.wanted = 5;
    association->request(find, 5s, few);
    CHECK(few.names.size() == 5);
  }
  SECTION("the association serves the next request") {
    Answers more;
    association->request(find, 5s, more);
    CHECK(more.names.size() == 3);
  }
}

TEST_CASE("a peer that takes too long, or is given up, is an error with its name") {
  Scene scene;
  const auto association = scene.open(kWorklist);
  Answers answers;
  const auto slow = request_of(field::kNGet, kWorklist);
  const std::string lost =
      "the association with FERMATA at 127.0.0.1 port " + std::to_string(scene.server.port()) + " is lost: ";
  SECTION("too long") {
    CHECK_THROWS_WITH(association->request(slow, 50ms, answers), lost + "the peer kept quiet for too long");
  }
  SECTION("given up") {
    auto asked = std::async(std::launch::async, [&] { association->request(slow, 30s, answers); });
    std::this_thread::sleep_for(100ms);
    association->abort();
    CHECK_THROWS_WITH(asked.get(), lost + "the peer closed the connection");
  }
  CHECK_THROWS_AS(association->request(slow, 5s, answers), Error);
}

TEST_CASE("nodes that can't be reached are named, with the reason") {
  Scene scene;
  Nodes nodes(scene.server.port());
  NodeClient client(scene.client, nodes, scene.server.archive, nullptr);
  const DimseContext contexts[] = {{kEcho, {}}};
  const auto problem = [&](const DimseDestination& destination, std::span<const DimseContext> proposed) {
    try {
      client.open(destination, proposed);
    } catch (const Error& error) {
      return std::to_string(static_cast<int>(error.code())) + " " + error.what();
    }
    return std::string("none");
  };
  CHECK(problem({"NOBODY", {}, {}}, contexts) == "4 there is no node NOBODY: add it with its host and port");
  CHECK(problem({"NOHOST", {}, {}}, contexts) == "4 the node NOHOST can't be reached: add its host and port");
  const DimseContext unknown[] = {{"1.2.840.10008.1.40.1", {}}};
  CHECK(problem({"FERMATA", {}, {}}, unknown) == "12 no association with FERMATA at 127.0.0.1 port " +
                                                     std::to_string(scene.server.port()) +
                                                     ": it accepts nothing of what was proposed");
  CHECK(problem({"MODALITY", "127.0.0.1", {}}, contexts) == "none");  // a caller, at its own address
}

TEST_CASE("a SOP class that was not accepted can't be asked for") {
  Scene scene;
  Nodes nodes(scene.server.port());
  const DimseContext contexts[] = {{kEcho, {}}, {"1.2.840.10008.1.40.1", {}}};
  const auto association =
      NodeClient(scene.client, nodes, scene.server.archive, nullptr).open({"FERMATA", {}, {}}, contexts);
  Answers answers;
  CHECK_THROWS_WITH(association->request(request_of(field::kEcho, "1.2.840.10008.1.40.1"), 1s, answers),
                    "FERMATA at 127.0.0.1 port " + std::to_string(scene.server.port()) +
                        " has not accepted the SOP Class 1.2.840.10008.1.40.1");
}

namespace {

constexpr std::string_view kObject = "an object's bytes, as they are stored";

class ObjectReaderOfAll final : public ObjectReader {
 public:
  uint64_t length() override { return kObject.size(); }
  uint64_t read_at(uint64_t offset, std::span<std::byte> into) override {
    const auto rest = bytes(kObject).subspan(static_cast<std::size_t>(offset));
    const auto count = std::min(into.size(), rest.size());
    std::copy_n(rest.begin(), count, into.begin());
    return count;
  }
};

/// Instances that all have the same bytes; some can't be read.
class SmallArchive final : public FakeArchive {
 public:
  std::unique_ptr<ObjectReader> open(const InstanceRecord& record) override {
    if (record.sop_instance_uid == "1.gone") throw Error(Code::not_found, "it was removed");
    return std::make_unique<ObjectReaderOfAll>();
  }
};

InstanceRecord record_of(std::string_view sop_instance, std::string_view transfer_syntax = kExplicit) {
  InstanceRecord record;
  record.sop_class_uid = kCt;
  record.sop_instance_uid = sop_instance;
  record.transfer_syntax_uid = transfer_syntax;
  return record;
}

}  // namespace

TEST_CASE("stored instances are sent, and the peer's status comes back") {
  Scene scene;
  Nodes nodes(scene.server.port());
  SmallArchive ours;
  const std::string_view syntaxes[] = {kExplicit};
  const DimseContext contexts[] = {{kCt, syntaxes}};
  const auto association = NodeClient(scene.client, nodes, ours, nullptr).open({"FERMATA", {}, {}}, contexts);
  Answers answers;
  association->store(record_of("1.1"), 5s, answers);
  CHECK(answers.last == 0);
  scene.server.archive.answer({StoreOutcome::Kind::refused, StoreOutcome::Refusal::out_of_space, "full"});
  association->store(record_of("1.2"), 5s, answers);
  CHECK(answers.last == 0xa700);
  const auto kept = scene.server.archive.kept();
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].sop_instance == "1.1");
  CHECK(kept[0].transfer_syntax == kExplicit);
  CHECK(kept[0].bytes == kObject);

  const auto problem = [&](const InstanceRecord& record) {
    try {
      association->store(record, 5s, answers);
    } catch (const Error& error) {
      return error.code();
    }
    return Code::internal;
  };
  CHECK(problem(record_of("1.gone")) == Code::not_found);
  CHECK(problem(record_of("1.3", "1.2.840.10008.1.2.4.70")) == Code::unsupported);
  association->store(record_of("1.4"), 5s, answers);  // the association is as good as before
}

TEST_CASE("a role is proposed in the association request") {
  const Listener listener;
  auto request = std::async(std::launch::async, [&] { return listener.listen(); });
  Nodes nodes(listener.port);
  Client client(as("VIEWER"));
  const DimseContext contexts[] = {{kCommitment, {}, DimseRole::scp}};
  FakeArchive archive;
  CHECK_THROWS_AS(NodeClient(client, nodes, archive, nullptr).open({"FERMATA", {}, "OTHERNAME"}, contexts), Error);
  const auto bytes = request.get();
  // SCP/SCU Role Selection Sub-item (PS3.7 D.3.3.4.1): type 54H, lengths, UID, SCU role 0, SCP role 1
  const auto item = std::string("\x54\x00\x00\x18\x00\x14", 6) + std::string(kCommitment) + std::string("\x00\x01", 2);
  CHECK(bytes.find(item) != std::string::npos);
  CHECK(bytes.find("OTHERNAME") != std::string::npos);
}

namespace {

constexpr const char* kStudyRootGet = "1.2.840.10008.5.1.4.1.2.2.3";

/// Sends an object on the association on which it is asked for something.
class Sender : public Service {
 public:
  void handle(Session& session, const Message& message) override {
    auto& association = session.association;
    association.receive_data_set([](std::span<const std::byte>) {});
    for (const auto& context : association.contexts()) {
      if (context.abstract_syntax != kCt) continue;
      association.send(context.id, store_request(kCt, "1.1", 7), bytes(kObject));
      const auto answer = association.receive(5s);
      answered = answer ? answer->command.status() : 0xffff;
    }
    association.send(message.context_id, CommandSet::response_to(message.command, status::kSuccess));
  }
  std::atomic<int> answered{-1};
};

}  // namespace

TEST_CASE("what comes with C-GET is taken in where the role of SCP was asked for, and nowhere else") {
  const bool receiving = GENERATE(true, false);
  Sender sender;
  Server server;
  server.classes.add(kStudyRootGet, kMayRetrieve, sender);
  server.start();
  Nodes nodes(server.port());
  Client client(as("VIEWER"));
  FakeArchive ours;
  Log log;
  const auto journal = log.journal();
  Storage storage(ours, journal);
  const DimseContext contexts[] = {{kStudyRootGet, {}}, {kCt, {}, receiving ? DimseRole::scp : DimseRole::scu}};
  const auto association = NodeClient(client, nodes, ours, nullptr, &storage).open({"FERMATA", {}, {}}, contexts);
  const auto request = request_of(field::kGet, kStudyRootGet);
  Answers answers;
  association->request(request, 5s, answers);
  CHECK(answers.last == 0);
  CHECK(sender.answered == (receiving ? 0 : 0x0211));
  const auto kept = ours.kept();
  REQUIRE(kept.size() == (receiving ? 1 : 0));
  if (receiving) CHECK(kept[0].bytes == kObject);
}
