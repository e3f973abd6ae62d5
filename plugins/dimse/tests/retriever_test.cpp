#include "query-retrieve/retriever.hpp"

#include <arpa/inet.h>
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcuid.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <future>

#include "query-retrieve/move_destination.hpp"
#include "query_retrieve_scene.hpp"

using namespace fermata;
using namespace fermata::dimse;
using namespace fermata::dimse::testing;
using dicom::DataSetView;
using dicom::Tag;

namespace {

constexpr Tag kFailedList{0x0008, 0x0058};
constexpr const char* kJpegLossless = "1.2.840.10008.1.2.4.70";
constexpr const char* kJpeg2000 = "1.2.840.10008.1.2.4.90";
constexpr const char* kMpeg2 = "1.2.840.10008.1.2.4.100";
constexpr const char* kJpeg2000Lossy = "1.2.840.10008.1.2.4.91";
constexpr const char* kJpegXl = "1.2.840.10008.1.2.4.112";
constexpr const char* kRle = "1.2.840.10008.1.2.5";

struct Received {
  std::string transfer_syntax;
  CommandSet command;
  Bytes data_set;
};

struct Retrieved {
  std::map<std::string, Received> objects;  ///< by SOP Instance UID
  std::vector<CommandSet> pending;
  CommandSet final_response;
  std::string failed_list;
};

/// The client's side of C-GET and C-MOVE from the request on. `on_store` gives the status for each object.
Retrieved retrieve(
    Association& association, const CommandSet& command, const Bytes& identifier,
    const std::function<uint16_t(int number)>& on_store = [](int) { return 0; }) {
  association.send(1, command, identifier);
  Retrieved result;
  int number = 0;
  for (;;) {
    const auto message = association.receive(10s);
    REQUIRE(message);
    if (message->command.field() == field::kStore) {
      const auto& context = *association.context(message->context_id);
      auto data_set = association.receive_data_set(std::size_t{1} << 24);
      CHECK(message->command.sop_class_uid() == context.abstract_syntax);
      result.objects[message->command.sop_instance_uid()] = {context.transfer_syntax, message->command,
                                                             std::move(data_set)};
      association.send(message->context_id, CommandSet::response_to(message->command, on_store(number++)));
      continue;
    }
    CHECK(message->command.field() == (command.field() | field::kResponse));
    CHECK(message->command.message_id_responded_to() == command.message_id());
    if (message->command.status() == status::kPending) {
      CHECK_FALSE(message->command.has_data_set());
      result.pending.push_back(message->command);
      continue;
    }
    result.final_response = message->command;
    const auto list = association.receive_data_set(std::size_t{1} << 20);
    if (!list.empty()) {
      const auto decoded = decode_data_set(list, association.context(1)->transfer_syntax);
      result.failed_list = DataSetView(decoded).text(kFailedList);
    }
    return result;
  }
}

struct Counts {
  uint16_t completed, failed, warning;
  friend bool operator==(const Counts&, const Counts&) = default;
};

Counts counts(const CommandSet& response) {
  return {response.u16(element::kCompletedSubOperations).value_or(0xdead),
          response.u16(element::kFailedSubOperations).value_or(0xdead),
          response.u16(element::kWarningSubOperations).value_or(0xdead)};
}

CommandSet get_request(const char* sop_class = kStudyRootGet) { return request(field::kGet, sop_class); }
CommandSet move_request(const std::string& destination) {
  auto command = request(field::kMove, kStudyRootMove);
  command.set_text(element::kMoveDestination, destination);
  return command;
}

Bytes study(const char* uid) { return Identifier().level("STUDY").set(dicom::kStudyInstanceUid, "UI", uid).bytes(); }

std::set<std::string> uids(const Retrieved& result) {
  std::set<std::string> list;
  for (const auto& [uid, object] : result.objects) list.insert(uid);
  return list;
}

/// Study 1.2.1 of three CT images in two series, 1.2.2 of one CT and one MR image.
struct Filled : QueryRetrieveScene {
  Filled() {
    archive.put(kExplicit, image(kCt, "1.2.1", "1.2.1.1", 1));
    archive.put(kExplicit, image(kCt, "1.2.1", "1.2.1.1", 2));
    archive.put(kExplicit, image(kCt, "1.2.1", "1.2.1.2", 1));
    archive.put(kExplicit, image(kCt, "1.2.2", "1.2.2.1", 1, "Mueller^Max", "4712"));
    archive.put(kExplicit, image(kMr, "1.2.2", "1.2.2.2", 1, "Mueller^Max", "4712"));
  }
};

/// The viewer's own listener.
class Listener {
 public:
  Listener() : journal_(log_.journal()), classes_(true), inbox_(*this) {
    nodes_.others = kMayEverything;
    nodes_.known.clear();
    nodes_.known["FERMATA"] = kMayEverything;
    classes_.set_storage(inbox_);
    reception_ = std::make_unique<Reception>(ReceptionSettings{}, nodes_, classes_, journal_);
    AcceptorSettings settings;
    settings.bind = "127.0.0.1";
    settings.port = 0;
    acceptor_ = std::make_unique<Acceptor>(settings, *reception_, journal_);
    acceptor_->listen();
    acceptor_->serve();
  }
  FakeNodes::Node node(std::vector<std::string> preferred = {}) const {
    return {"127.0.0.1", acceptor_->port(), std::move(preferred)};
  }
  std::vector<Received> received() const {
    const std::lock_guard lock(mutex_);
    return received_;
  }
  std::size_t associations() const {
    const std::lock_guard lock(mutex_);
    return associations_.size();
  }
  std::size_t contexts() const {
    const std::lock_guard lock(mutex_);
    return contexts_;
  }

  /// What to do with the n-th object: a status, or nothing at all (the association is aborted).
  std::function<std::optional<uint16_t>(int number)> react = [](int) { return 0; };

 private:
  class Inbox : public Service {
   public:
    explicit Inbox(Listener& owner) : owner_(owner) {}
    void handle(Session& session, const Message& message) override {
      const auto data_set = session.association.receive_data_set(std::size_t{1} << 24);
      std::optional<uint16_t> status;
      {
        const std::lock_guard lock(owner_.mutex_);
        owner_.associations_.insert(&session.association);
        owner_.contexts_ = session.association.contexts().size();
        status = owner_.react(owner_.number_++);
        if (status)
          owner_.received_.push_back(
              {session.association.context(message.context_id)->transfer_syntax, message.command, data_set});
      }
      if (status)
        session.association.send(message.context_id, CommandSet::response_to(message.command, *status));
      else
        session.association.abort();
    }

   private:
    Listener& owner_;
  };

  Log log_;
  Journal journal_;
  FakeNodes nodes_;
  SopClasses classes_;
  Inbox inbox_;
  std::unique_ptr<Reception> reception_;
  std::unique_ptr<Acceptor> acceptor_;
  mutable std::mutex mutex_;
  std::vector<Received> received_;
  std::set<const void*> associations_;
  std::size_t contexts_ = 0;
  int number_ = 0;
};

uint16_t free_port() {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  REQUIRE(::bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length) == 0);
  ::close(descriptor);
  return ntohs(address.sin_port);
}

/// DCMTK's storescp, taking one transfer syntax only. A program of its own: there can be one DCMTK acceptor in a
/// process.
class PickyListener {
 public:
  explicit PickyListener(const std::string& transfer_syntax)
      : port_(free_port()),
        folder_(std::filesystem::temp_directory_path() / ("fermata-storescp-" + std::to_string(port_))) {
    std::filesystem::create_directory(folder_);
    const auto port = std::to_string(port_);
    const auto profiles = folder_ / "profiles";
    std::ofstream(profiles) << "[[TransferSyntaxes]]\n[One]\nTransferSyntax1 = " << transfer_syntax
                            << "\n[Plain]\nTransferSyntax1 = " << kImplicit
                            << "\n[[PresentationContexts]]\n[All]\nPresentationContext1 = " << kCt
                            << "\\One\nPresentationContext2 = " << kMr << "\\One\nPresentationContext3 = " << kEcho
                            << "\\Plain\n[[Profiles]]\n[Picky]\nPresentationContexts = All\n";
    process_ = ::fork();
    if (process_ == 0) {
      ::execlp("storescp", "storescp", "--quiet", "-xf", profiles.c_str(), "Picky", "-od", folder_.c_str(),
               port.c_str(), nullptr);
      ::_exit(127);
    }
    Client client(as("FERMATA"));
    REQUIRE(eventually([&] {
      try {
        client.connect({"VIEWER", "127.0.0.1", port_, false}, std::vector<ProposedContext>{{kEcho, {kImplicit}}})
            ->release();
        return true;
      } catch (const Error&) {
        return false;
      }
    }));
  }
  ~PickyListener() {
    ::kill(process_, SIGTERM);
    ::waitpid(process_, nullptr, 0);
    std::filesystem::remove_all(folder_);
  }
  PickyListener(const PickyListener&) = delete;
  PickyListener& operator=(const PickyListener&) = delete;
  FakeNodes::Node node() const { return {"127.0.0.1", port_, {}}; }
  std::vector<Part10File> received() const {
    std::vector<Part10File> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder_))
      if (entry.path().filename() != "profiles") files.push_back(Part10File::read(entry.path()));
    return files;
  }

 private:
  uint16_t port_;
  std::filesystem::path folder_;
  pid_t process_ = -1;
};

}  // namespace

TEST_CASE("a viewer gets a study on 94 contexts without role selection") {
  Filled scene;
  std::vector<ProposedContext> proposed{{kStudyRootGet, kTenTransferSyntaxes}};
  for (int i = 0; proposed.size() < 92; ++i)
    if (std::string uid = dcmLongSCUStorageSOPClassUIDs[i]; uid != kCt && uid != kMr)
      proposed.push_back({uid, kTenTransferSyntaxes});
  proposed.push_back({kCt, kTenTransferSyntaxes});
  proposed.push_back({kMr, kTenTransferSyntaxes});
  const auto association = scene.connect(proposed);
  CHECK(association->contexts().size() == 94);
  const auto result = retrieve(*association, get_request(), study("1.2.2"));
  CHECK(uids(result) == std::set<std::string>{"1.2.2.1.1", "1.2.2.2.1"});
  for (const auto& [uid, object] : result.objects) {
    CHECK(object.transfer_syntax == kExplicit);
    CHECK(object.data_set == scene.archive.object(uid));
    CHECK(object.command.u16(element::kPriority) == 2);
    CHECK_FALSE(object.command.u16(element::kMoveOriginatorMessageId));
  }
  CHECK(result.final_response.status() == 0);
  CHECK(counts(result.final_response) == Counts{2, 0, 0});
  CHECK_FALSE(result.final_response.u16(element::kRemainingSubOperations));
  REQUIRE_FALSE(result.pending.empty());
  CHECK(result.pending.front().u16(element::kRemainingSubOperations) == 2);
}

TEST_CASE("every level is retrieved, by lists and without the levels above") {
  Filled scene;
  const auto get = [&](const Identifier& identifier, const char* sop_class = kStudyRootGet) {
    const auto association = scene.connect({{sop_class, {kImplicit}}, {kCt, {kExplicit}}, {kMr, {kExplicit}}});
    auto wire = identifier.bytes();
    DataSetEncoder encoder(kImplicit);
    const auto implicit = encoder.encode_plain(DataSetView(wire));
    const auto result = retrieve(*association, get_request(sop_class), Bytes(implicit.begin(), implicit.end()));
    CHECK(result.final_response.status() == 0);
    return uids(result);
  };
  const std::set<std::string> first{"1.2.1.1.1", "1.2.1.1.2", "1.2.1.2.1"};
  const std::set<std::string> second{"1.2.2.1.1", "1.2.2.2.1"};
  std::set<std::string> both = first;
  both.insert(second.begin(), second.end());
  CHECK(get(Identifier().level("STUDY").set(dicom::kStudyInstanceUid, "UI", "1.2.1")) == first);
  CHECK(get(Identifier().level("STUDY").set(dicom::kStudyInstanceUid, "UI", "1.2.1\\1.2.2\\1.2.3")) == both);
  CHECK(get(Identifier().level("SERIES").set(dicom::kSeriesInstanceUid, "UI", "1.2.1.2")) ==
        std::set<std::string>{"1.2.1.2.1"});
  CHECK(get(Identifier()
                .level("SERIES")
                .set(dicom::kStudyInstanceUid, "UI", "1.2.2")
                .set(dicom::kSeriesInstanceUid, "UI", "1.2.1.2")) == std::set<std::string>{});
  CHECK(get(Identifier().level("IMAGE").set(dicom::kSopInstanceUid, "UI", "1.2.1.1.2\\1.2.2.2.1")) ==
        std::set<std::string>{"1.2.1.1.2", "1.2.2.2.1"});
  CHECK(get(Identifier().level("PATIENT").set(dicom::kPatientId, "LO", "4712"), kPatientRootGet) == second);
  CHECK(
      get(Identifier().level("STUDY").set(dicom::kPatientId, "LO", "4712").set(dicom::kStudyInstanceUid, "UI", "1.2.2"),
          kPatientRootGet) == second);
}

TEST_CASE("a list of thousands of instances is retrieved") {
  QueryRetrieveScene scene;
  std::string list;
  for (int n = 1; n <= 3000; ++n) {
    scene.archive.put(kExplicit, image(kCt, "1.2.1", "1.2.1.1", n));
    if (n % 2 == 0) list += (list.empty() ? "1.2.1.1." : "\\1.2.1.1.") + std::to_string(n);
  }
  const auto association = scene.connect({{kStudyRootGet, {kExplicit}}, {kCt, {kExplicit}}});
  const auto result = retrieve(*association, get_request(),
                               Identifier().level("IMAGE").set(dicom::kSopInstanceUid, "UI", list).bytes());
  CHECK(result.objects.size() == 1500);
  CHECK(counts(result.final_response) == Counts{1500, 0, 0});
}

TEST_CASE("nothing to retrieve is a success without sub-operations") {
  Filled scene;
  const auto association = scene.connect({{kStudyRootGet, {kExplicit}}, {kCt, {kExplicit}}});
  const auto result = retrieve(*association, get_request(), study("1.2.99"));
  CHECK(result.final_response.status() == 0);
  CHECK(counts(result.final_response) == Counts{0, 0, 0});
}

TEST_CASE("a retrieval without level or without its unique key is refused") {
  Filled scene;
  const auto association = scene.connect({{kStudyRootGet, {kExplicit}}, {kCt, {kExplicit}}});
  const auto without_level = Identifier().set(dicom::kStudyInstanceUid, "UI", "1.2.1").bytes();
  CHECK(retrieve(*association, get_request(), without_level).final_response.status() == 0xa900);
  const auto refused = retrieve(*association, get_request(),
                                Identifier().level("SERIES").set(dicom::kStudyInstanceUid, "UI", "1.2.1").bytes());
  CHECK(refused.final_response.status() == 0xa900);
  CHECK(refused.final_response.text(element::kErrorComment) == "(0020,000E) Series Instance UID has no value");
  CHECK(refused.final_response.tags(element::kOffendingElement) == std::vector<uint32_t>{0x0020000e});
  const auto wildcard = Identifier().level("STUDY").set(dicom::kStudyInstanceUid, "UI", "*").bytes();
  CHECK(retrieve(*association, get_request(), wildcard).final_response.status() == 0xa900);
  CHECK(retrieve(*association, get_request(), study("1.2.1")).final_response.status() == 0);
}

TEST_CASE("what the peer has no context for is counted and listed as failed") {
  Filled scene;
  const auto association = scene.connect({{kStudyRootGet, {kImplicit}}, {kCt, {kExplicit}}});
  DataSetEncoder encoder(kImplicit);
  const auto get = [&](const char* uid) {
    const auto identifier = study(uid);
    const auto wire = encoder.encode_plain(DataSetView(identifier));
    return retrieve(*association, get_request(), Bytes(wire.begin(), wire.end()));
  };
  const auto some = get("1.2.2");
  CHECK(some.final_response.status() == 0xb000);
  CHECK(counts(some.final_response) == Counts{1, 1, 0});
  CHECK(some.failed_list == "1.2.2.2.1");
  CHECK(scene.log.has("no Presentation Context for SOP Class"));
  scene.archive.put(kExplicit, image(kMr, "1.2.3", "1.2.3.1", 1));
  const auto all = get("1.2.3");
  CHECK(all.final_response.status() == 0xa702);
  CHECK(counts(all.final_response) == Counts{0, 1, 0});
  CHECK(all.failed_list == "1.2.3.1.1");
}

TEST_CASE("objects that are gone, refused or taken with a warning are told apart") {
  Filled scene;
  scene.archive.put(kExplicit, image(kCt, "1.2.1", "1.2.1.3", 1));
  scene.archive.lose("1.2.1.1.1");
  const auto association = scene.connect({{kStudyRootGet, {kExplicit}}, {kCt, {kExplicit}}});
  const auto result = retrieve(*association, get_request(), study("1.2.1"), [](int n) -> uint16_t {
    return n == 0 ? 0xa700 : n == 1 ? 0xb007 : 0;
  });
  CHECK(result.final_response.status() == 0xb000);
  CHECK(counts(result.final_response) == Counts{1, 2, 1});
  CHECK(result.failed_list == "1.2.1.1.1\\1.2.1.1.2");
}

TEST_CASE("C-GET gives each object in a transfer syntax that its context has") {
  if (pydicom_data().empty()) return;
  QueryRetrieveScene scene;
  const auto rle = Part10File::read(pydicom_data() / "test_files/MR_small_RLE.dcm");
  const auto native = Part10File::read(pydicom_data() / "test_files/MR_small.dcm");
  REQUIRE(rle.transfer_syntax == kRle);
  scene.archive.put(kRle, rle.data_set);
  const auto identifier = Identifier().level("IMAGE").set(dicom::kSopInstanceUid, "UI", rle.sop_instance).bytes();
  const auto get = [&](const std::vector<ProposedContext>& storage) {
    std::vector<ProposedContext> proposed{{kStudyRootGet, {kExplicit}}};
    proposed.insert(proposed.end(), storage.begin(), storage.end());
    return retrieve(*scene.connect(proposed), get_request(), identifier);
  };
  // as it is stored, where the peer takes that
  auto result = get({{kMr, {kExplicit}}, {kMr, {kRle}}});
  REQUIRE(result.objects.size() == 1);
  CHECK(result.objects.begin()->second.transfer_syntax == kRle);
  CHECK(result.objects.begin()->second.data_set == rle.data_set);
  // else decompressed
  for (const char* transfer_syntax : {kExplicit, kImplicit}) {
    result = get({{kMr, {transfer_syntax}}});
    REQUIRE(result.objects.size() == 1);
    CHECK(result.final_response.status() == 0);
    const auto decoded = decode_data_set(result.objects.begin()->second.data_set, transfer_syntax);
    const auto pixels = DataSetView(decoded).find(dicom::kPixelData);
    const auto expected = DataSetView(native.data_set).find(dicom::kPixelData);
    REQUIRE(pixels);
    CHECK(std::ranges::equal(pixels->value, expected->value));
    CHECK(DataSetView(decoded).text(dicom::kSopInstanceUid) == rle.sop_instance);
  }
}

TEST_CASE("an object that nobody here can decompress is counted as failed, and the log says why") {
  QueryRetrieveScene scene;
  scene.archive.put(kMpeg2, image(kCt, "1.2.1", "1.2.1.1", 1));
  const auto association = scene.connect({{kStudyRootGet, {kExplicit}}, {kCt, {kExplicit}}});
  const auto result = retrieve(*association, get_request(), study("1.2.1"));
  CHECK(result.final_response.status() == 0xa702);
  CHECK(counts(result.final_response) == Counts{0, 1, 0});
  CHECK(scene.log.has("an object in transfer syntax 1.2.840.10008.1.2.4.100"));
}

TEST_CASE("without a transcoder objects go out as they are stored, and for others the log names the plugin") {
  QueryRetrieveScene scene(false);
  scene.archive.put(kExplicit, image(kCt, "1.2.1", "1.2.1.1", 1));
  scene.archive.put(kJpegLossless, image(kMr, "1.2.1", "1.2.1.2", 1));
  const auto association = scene.connect({{kStudyRootGet, {kExplicit}}, {kCt, {kExplicit}}, {kMr, {kExplicit}}});
  const auto result = retrieve(*association, get_request(), study("1.2.1"));
  CHECK(result.final_response.status() == 0xb000);
  CHECK(counts(result.final_response) == Counts{1, 1, 0});
  CHECK(scene.log.has("without the plugin `codecs` objects are sent only as they are stored"));
  Listener listener;
  scene.nodes.nodes["VIEWER"] = listener.node({kJpeg2000});
  const auto moving = scene.connect({{kStudyRootMove, {kExplicit}}});
  CHECK(counts(retrieve(*moving, move_request("VIEWER"), study("1.2.1")).final_response) == Counts{2, 0, 0});
  for (const auto& object : listener.received())
    CHECK(object.data_set == scene.archive.object(object.command.sop_instance_uid()));
}

TEST_CASE("a damaged compressed object fails alone: the association goes on") {
  if (pydicom_data().empty()) return;
  QueryRetrieveScene scene;
  auto rle = Part10File::read(pydicom_data() / "test_files/MR_small_RLE.dcm");
  constexpr std::array kHeader{std::byte{2}, std::byte{0}, std::byte{0}, std::byte{0}, std::byte{64}};
  const auto header = std::search(rle.data_set.begin(), rle.data_set.end(), kHeader.begin(), kHeader.end());
  REQUIRE(header != rle.data_set.end());
  *header = std::byte{7};
  scene.archive.put(kRle, rle.data_set);
  const std::string uid(DataSetView(rle.data_set).text(dicom::kStudyInstanceUid));
  scene.archive.put(kExplicit, image(kMr, uid, uid + ".9", 1));
  const auto association = scene.connect({{kStudyRootGet, {kExplicit}}, {kMr, {kExplicit}}});
  const auto result = retrieve(*association, get_request(), study(uid.c_str()));
  CHECK(result.final_response.status() == 0xb000);
  CHECK(counts(result.final_response) == Counts{1, 1, 0});
  CHECK(result.failed_list == rle.sop_instance);
  CHECK(scene.log.has("RLE segments"));
}

TEST_CASE("a C-GET is cancelled between two objects") {
  QueryRetrieveScene scene;
  for (int n = 1; n <= 50; ++n) scene.archive.put(kExplicit, image(kCt, "1.2.1", "1.2.1.1", n));
  const auto association = scene.connect({{kStudyRootGet, {kExplicit}}, {kCt, {kExplicit}}});
  const auto result = retrieve(*association, get_request(), study("1.2.1"), [&](int n) -> uint16_t {
    if (n == 9) association->send(1, cancel());
    return 0;
  });
  CHECK(result.final_response.status() == status::kCancelled);
  CHECK(counts(result.final_response) == Counts{10, 0, 0});
  CHECK(result.final_response.u16(element::kRemainingSubOperations) == 40);
}

TEST_CASE("a peer that goes away or falls silent in the middle of a C-GET ends it") {
  QueryRetrieveScene scene;
  for (int n = 1; n <= 50; ++n) scene.archive.put(kExplicit, image(kCt, "1.2.1", "1.2.1.1", n));
  auto gone = scene.connect({{kStudyRootGet, {kExplicit}}, {kCt, {kExplicit}}});
  gone->send(1, get_request(), study("1.2.1"));
  gone->receive(5s);
  gone->abort();
  auto silent = scene.connect({{kStudyRootGet, {kExplicit}}, {kCt, {kExplicit}}});
  silent->send(1, get_request(), study("1.2.1"));
  const auto begin = std::chrono::steady_clock::now();
  CHECK_THROWS_AS(
      [&] {
        while (silent->receive(10s)) silent->receive_data_set(100000);
      }(),
      AssociationLost);
  CHECK(std::chrono::steady_clock::now() - begin < 5s);
  CHECK(retrieve(*scene.connect({{kStudyRootGet, {kExplicit}}, {kCt, {kExplicit}}}), get_request(), study("1.2.1"))
            .final_response.status() == 0);
}

TEST_CASE("C-MOVE sends on one association, as stored, and says for whom") {
  Filled scene;
  Listener listener;
  scene.nodes.nodes["VIEWER"] = listener.node();
  scene.archive.put(kJpegLossless, image(kCt, "1.2.2", "1.2.2.3", 1));
  const auto association = scene.connect({{kStudyRootMove, kTenTransferSyntaxes}});
  const auto result = retrieve(*association, move_request("VIEWER"), study("1.2.2"));
  CHECK(result.final_response.status() == 0);
  CHECK(counts(result.final_response) == Counts{3, 0, 0});
  CHECK(result.pending.front().u16(element::kRemainingSubOperations) == 3);
  CHECK(listener.associations() == 1);
  std::map<std::string, std::string> syntaxes;
  for (const auto& object : listener.received()) {
    const auto uid = object.command.sop_instance_uid();
    syntaxes[uid] = object.transfer_syntax;
    CHECK(object.data_set == scene.archive.object(uid));
    CHECK(object.command.text(element::kMoveOriginatorAeTitle) == "VIEWER");
    CHECK(object.command.u16(element::kMoveOriginatorMessageId) == 7);
    CHECK(object.command.u16(element::kPriority) == 2);
  }
  CHECK(syntaxes == std::map<std::string, std::string>{
                        {"1.2.2.1.1", kExplicit}, {"1.2.2.2.1", kExplicit}, {"1.2.2.3.1", kJpegLossless}});
}

TEST_CASE("C-MOVE to a node that nobody knows is refused with 0xA801") {
  Filled scene;
  scene.nodes.nodes["NOWHERE"] = {};
  const auto association = scene.connect({{kStudyRootMove, {kExplicit}}});
  auto result = retrieve(*association, move_request("STRANGER"), study("1.2.1"));
  CHECK(result.final_response.status() == 0xa801);
  CHECK(result.final_response.text(element::kErrorComment) == "Move Destination STRANGER is not a known node");
  CHECK(retrieve(*association, move_request("NOWHERE"), study("1.2.1")).final_response.status() == 0xa801);
  CHECK(retrieve(*association, move_request(""), study("1.2.1")).final_response.status() == 0xa801);
}

TEST_CASE("C-MOVE to a node that does not answer fails as a whole and says where it tried") {
  Filled scene;
  const auto port = free_port();
  scene.nodes.nodes["VIEWER"] = {"127.0.0.1", port, {}};
  const auto association = scene.connect({{kStudyRootMove, {kExplicit}}});
  const auto result = retrieve(*association, move_request("VIEWER"), study("1.2.1"));
  CHECK(result.final_response.status() == 0xa702);
  CHECK(counts(result.final_response) == Counts{0, 3, 0});
  CHECK(result.failed_list == "1.2.1.1.1\\1.2.1.1.2\\1.2.1.2.1");
  CHECK(result.final_response.text(element::kErrorComment).find("VIEWER at 127.0.0.1 port " + std::to_string(port)) !=
        std::string::npos);
  CHECK(scene.log.has("check that this node's listener runs"));
}

TEST_CASE("C-MOVE decodes or encodes anew for a node that takes only implicit VR") {
  Filled scene;
  PickyListener listener(kImplicit);
  scene.nodes.nodes["VIEWER"] = listener.node();
  const auto association = scene.connect({{kStudyRootMove, {kExplicit}}});
  const auto result = retrieve(*association, move_request("VIEWER"), study("1.2.1"));
  CHECK(result.final_response.status() == 0);
  CHECK(counts(result.final_response) == Counts{3, 0, 0});
  const auto files = listener.received();
  CHECK(files.size() == 3);
  for (const auto& file : files) {
    CHECK(file.transfer_syntax == kImplicit);
    CHECK(decode_data_set(file.data_set, kImplicit) ==
          decode_data_set(scene.archive.object(file.sop_instance), kExplicit));
  }
}

TEST_CASE("C-MOVE reaches a node that takes one compressed transfer syntax only, whichever that is") {
  for (const std::string only :
       {kJpegLossless, kJpeg2000, kJpeg2000Lossy, "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.5"}) {
    Filled scene;
    PickyListener listener(only);
    scene.nodes.nodes["VIEWER"] = listener.node();
    const auto association = scene.connect({{kStudyRootMove, {kExplicit}}});
    const auto result = retrieve(*association, move_request("VIEWER"), study("1.2.1"));
    CHECK(counts(result.final_response) == Counts{3, 0, 0});
    for (const auto& file : listener.received()) CHECK(file.transfer_syntax == only);
  }
}

TEST_CASE("C-MOVE prefers what the node prefers, where it can be made") {
  Filled scene;
  Listener listener;
  scene.nodes.nodes["VIEWER"] = listener.node({kJpegXl, kImplicit});
  const auto association = scene.connect({{kStudyRootMove, {kExplicit}}});
  CHECK(retrieve(*association, move_request("VIEWER"), study("1.2.1")).final_response.status() == 0);
  for (const auto& object : listener.received()) CHECK(object.transfer_syntax == kImplicit);
}

TEST_CASE("C-MOVE compresses for a node that prefers it, and what can't be compressed so goes out as it is stored") {
  QueryRetrieveScene scene;
  const auto plain = image(kCt, "1.2.1", "1.2.1.1", 1);
  dicom::DataSetWriter beside;  // as `plain`, but only 12 of its 16 bits are stored ones
  for (auto it = dicom::DataSetView(plain).begin(); it != std::default_sentinel; ++it) {
    if (it->tag == dicom::kSopInstanceUid)
      beside.add(dicom::kSopInstanceUid, "UI", "1.2.1.1.2");
    else if (it->tag == dicom::Tag(0x0028, 0x0101))
      beside.add_u16(it->tag, 12);
    else if (it->tag == dicom::Tag(0x0028, 0x0102))
      beside.add_u16(it->tag, 11);
    else
      beside.add_encoded(it.encoded());
  }
  scene.archive.put(kExplicit, plain);
  scene.archive.put(kExplicit, beside.take());
  Listener listener;
  scene.nodes.nodes["VIEWER"] = listener.node({kJpeg2000});
  const auto association = scene.connect({{kStudyRootMove, {kExplicit}}});
  CHECK(retrieve(*association, move_request("VIEWER"), study("1.2.1")).final_response.status() == 0);
  std::map<std::string, std::string> syntaxes;
  for (const auto& object : listener.received()) syntaxes[object.command.sop_instance_uid()] = object.transfer_syntax;
  CHECK(syntaxes == std::map<std::string, std::string>{{"1.2.1.1.1", kJpeg2000}, {"1.2.1.1.2", kExplicit}});
}

TEST_CASE("an association that a node drops is opened again, twice in a row gives up") {
  Filled scene;
  Listener once;
  once.react = [](int n) { return n == 1 ? std::nullopt : std::optional<uint16_t>(0); };
  scene.nodes.nodes["ONCE"] = once.node();
  Listener always;
  always.react = [](int n) { return n >= 1 ? std::nullopt : std::optional<uint16_t>(0); };
  scene.nodes.nodes["ALWAYS"] = always.node();
  const auto association = scene.connect({{kStudyRootMove, {kExplicit}}});
  auto result = retrieve(*association, move_request("ONCE"), study("1.2.1"));
  CHECK(result.final_response.status() == 0);
  CHECK(counts(result.final_response) == Counts{3, 0, 0});
  CHECK(once.received().size() == 3);
  result = retrieve(*association, move_request("ALWAYS"), study("1.2.1"));
  CHECK(result.final_response.status() == 0xb000);
  CHECK(counts(result.final_response) == Counts{1, 2, 0});
  CHECK(result.failed_list == "1.2.1.1.2\\1.2.1.2.1");
}

TEST_CASE("a C-MOVE is cancelled between two objects") {
  QueryRetrieveScene scene;
  for (int n = 1; n <= 50; ++n) scene.archive.put(kExplicit, image(kCt, "1.2.1", "1.2.1.1", n));
  Listener listener;
  listener.react = [](int) {
    std::this_thread::sleep_for(20ms);
    return 0;
  };
  scene.nodes.nodes["VIEWER"] = listener.node();
  const auto association = scene.connect({{kStudyRootMove, {kExplicit}}});
  association->send(1, move_request("VIEWER"), study("1.2.1"));
  CHECK(association->receive(5s)->command.status() == status::kPending);
  association->send(1, cancel());
  auto last = association->receive(5s);
  while (last && last->command.status() == status::kPending) last = association->receive(5s);
  REQUIRE(last);
  CHECK(last->command.status() == status::kCancelled);
  const auto done = counts(last->command).completed;
  CHECK(done < 50);
  CHECK(last->command.u16(element::kRemainingSubOperations) == 50 - done);
  CHECK(listener.received().size() == done);
}

TEST_CASE("a C-MOVE ends soon after its requestor has gone away") {
  QueryRetrieveScene scene;
  for (int n = 1; n <= 200; ++n) scene.archive.put(kExplicit, image(kCt, "1.2.1", "1.2.1.1", n));
  Listener listener;
  listener.react = [](int) {
    std::this_thread::sleep_for(5ms);
    return 0;
  };
  scene.nodes.nodes["VIEWER"] = listener.node();
  const auto association = scene.connect({{kStudyRootMove, {kExplicit}}});
  association->send(1, move_request("VIEWER"), study("1.2.1"));
  CHECK(association->receive(5s)->command.status() == status::kPending);
  association->abort();
  CHECK(eventually([&] { return scene.log.has("a retrieval was cancelled"); }));
  CHECK(listener.received().size() < 200);
}

TEST_CASE("a C-MOVE whose node keeps quiet says that it goes on, and ends with its requestor") {
  QueryRetrieveScene scene;
  scene.archive.put(kExplicit, image(kCt, "1.2.1", "1.2.1.1", 1));
  std::promise<void> answer;
  Listener listener;
  listener.react = [answered = answer.get_future().share()](int) {
    answered.wait();
    return 0;
  };
  scene.nodes.nodes["VIEWER"] = listener.node();
  const auto association = scene.connect({{kStudyRootMove, {kExplicit}}});
  association->send(1, move_request("VIEWER"), study("1.2.1"));
  for (int i = 0; i < 2; ++i) CHECK(association->receive(5s)->command.status() == status::kPending);
  association->abort();
  CHECK(eventually([&] { return scene.log.has("a retrieval was cancelled"); }));
  CHECK_FALSE(scene.log.has("check that this node's listener runs"));
  answer.set_value();
}

TEST_CASE("kinds of objects that need more than 128 contexts are split over associations by SOP Class") {
  codecs::Memory memory(1 << 20);
  codecs::LosslessTranscoder transcoder(memory);
  RetrieveSurvey survey;
  for (int n = 1; n <= 100; ++n) {
    survey.kinds[{"1.2.3." + std::to_string(n), kExplicit}] = 1;
    survey.kinds[{"1.2.3." + std::to_string(n), kJpegLossless}] = 1;
  }
  const auto proposals = propose(survey, {}, &transcoder);
  REQUIRE(proposals.size() == 4);
  std::set<std::string> classes;
  for (const auto& proposal : proposals) {
    CHECK(proposal.contexts.size() <= 128);
    CHECK(proposal.contexts.size() == 5 * proposal.sop_classes.size());
    classes.insert(proposal.sop_classes.begin(), proposal.sop_classes.end());
  }
  CHECK(classes.size() == 100);
}

TEST_CASE("one context is proposed for each stored transfer syntax, and others to fall back on") {
  codecs::Memory memory(1 << 20);
  codecs::LosslessTranscoder transcoder(memory);
  RetrieveSurvey survey;
  survey.kinds[{kCt, kJpegLossless}] = 3;
  survey.kinds[{kMr, kMpeg2}] = 1;
  const std::vector<std::string> preferred{kImplicit};
  const auto proposals = propose(survey, preferred, &transcoder);
  REQUIRE(proposals.size() == 1);
  std::vector<std::pair<std::string, std::vector<std::string>>> contexts;
  for (const auto& context : proposals[0].contexts)
    contexts.emplace_back(context.abstract_syntax, context.transfer_syntaxes);
  CHECK(contexts == std::vector<std::pair<std::string, std::vector<std::string>>>{
                        {kCt, {kImplicit}},
                        {kCt, {kJpegLossless}},
                        {kCt, {kExplicit, kImplicit}},
                        {kCt,
                         {kJpegLossless, kJpeg2000, "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.5",
                          "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.4.201"}},
                        {kCt, {kJpeg2000Lossy, "1.2.840.10008.1.2.4.203"}},
                        {kMr, {kMpeg2}}});
}

TEST_CASE("the list of what failed ends where its length field does") {
  SubOperations operations(5000);
  for (int n = 0; n < 5000; ++n)
    operations.count(SubOperations::Outcome::failed, "1.2.840.10008.5.1.4.1.1.2.1234567890." + std::to_string(n));
  CHECK(operations.failed() == 5000);
  const auto list = operations.failed_list();
  const auto element = DataSetView(list).find(kFailedList);
  REQUIRE(element);
  CHECK(element->value.size() > 60000);
  CHECK(operations.final_status() == 0xa702);
}

TEST_CASE("counts beyond 65535 stay at that") {
  SubOperations operations(200000);
  for (int n = 0; n < 70000; ++n) operations.count(SubOperations::Outcome::completed, "1.2");
  auto response = CommandSet::response_to(get_request(), status::kPending);
  operations.describe(response);
  CHECK(response.u16(element::kRemainingSubOperations) == 65535);
  CHECK(response.u16(element::kCompletedSubOperations) == 65535);
}
