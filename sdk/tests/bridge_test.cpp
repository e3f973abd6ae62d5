#include "fermata/bridge/bridge.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "fermata/application_entities.hpp"
#include "fermata/archive.hpp"
#include "fermata/command.hpp"
#include "fermata/ingest_hook.hpp"
#include "fermata/testing/recorded_console.hpp"
#include "fermata/testing/sample_instance.hpp"
#include "fermata/testing/stored_instance.hpp"
#include "fermata/testing/threads_and_errors.hpp"
#include "fermata/testing/through_boundary.hpp"

using namespace fermata;
using namespace fermata::testing;
using Strings = std::vector<std::string>;

namespace {

Strings copies(std::span<const std::string_view> views) { return {views.begin(), views.end()}; }
std::string text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

class FakeObjectReader final : public ObjectReader {
 public:
  uint64_t length() override { return uint64_t{1} << 40; }
  uint64_t read_at(uint64_t offset, std::span<std::byte> into) override {
    for (auto& b : into) b = static_cast<std::byte>(offset++);
    return into.size();
  }
};

class FakeStoreOperation final : public StoreOperation {
 public:
  explicit FakeStoreOperation(int& alive) : alive_(alive) { ++alive_; }
  ~FakeStoreOperation() override { --alive_; }
  void append(std::span<const std::byte> data) override { received_ += text(data); }
  StoreOutcome finish() override {
    return {StoreOutcome::Kind::refused, StoreOutcome::Refusal::rule, received_, "1", "2", "3", "4"};
  }

 private:
  int& alive_;
  std::string received_;
};

/// Remembers what it was asked and answers with what a test sets.
class FakeArchive final : public Archive {
 public:
  std::unique_ptr<StoreOperation> store(const StoreRequest& r) override {
    asked = {std::string(r.transfer_syntax_uid),
             std::string(r.sop_class_uid),
             std::string(r.sop_instance_uid),
             std::string(r.calling_ae_title),
             std::string(r.called_ae_title),
             std::string(r.peer_address),
             std::string(r.protocol),
             std::string(r.study_instance_uid)};
    return std::make_unique<FakeStoreOperation>(alive);
  }
  std::unique_ptr<MatchCursor> find(const Query& q) override {
    query = q;
    identifier = text(q.identifier);
    on_find();
    return nullptr;
  }
  std::unique_ptr<InstanceCursor> instances(const Selection&) override { return nullptr; }
  std::unique_ptr<ObjectReader> open(const InstanceRecord& record) override {
    opened = std::make_unique<StoredInstance>(record);
    return std::make_unique<FakeObjectReader>();
  }
  uint64_t remove(const Selection& s) override {
    lists = {copies(s.patient_ids), copies(s.study_instance_uids), copies(s.series_instance_uids),
             copies(s.sop_instance_uids)};
    with_headers = s.with_headers;
    return std::numeric_limits<uint64_t>::max();
  }
  IndexStatistics statistics() override { return {1, 2, 3, std::numeric_limits<uint64_t>::max()}; }

  int alive = 0;
  Strings asked;
  Query query;
  std::string identifier;
  std::function<void()> on_find = [] {};
  std::unique_ptr<StoredInstance> opened;
  std::vector<Strings> lists;
  bool with_headers = false;
};

Error error_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& e) {
    return e;
  }
  return {kNoError, ""};
}

}  // namespace

TEST_CASE("an Error arrives with the same code and text") {
  FakeArchive archive;
  const auto remote = through_boundary<Archive>(archive);
  for (int32_t code = FERMATA_INTERNAL; code <= FERMATA_REFUSED; ++code) {
    archive.on_find = [&] { throw Error(static_cast<Code>(code), "the thing is broken: mend it ä"); };
    const auto e = error_of([&] { remote->find({}); });
    CHECK(e.code() == static_cast<Code>(code));
    CHECK(std::string(e.what()) == "the thing is broken: mend it ä");
  }
}

TEST_CASE("other exceptions arrive as an Error") {
  FakeArchive archive;
  const auto remote = through_boundary<Archive>(archive);
  archive.on_find = [] { throw std::bad_alloc(); };
  CHECK(error_of([&] { remote->find({}); }).code() == Code::out_of_memory);
  archive.on_find = [] { throw std::runtime_error("no luck"); };
  const auto e = error_of([&] { remote->find({}); });
  CHECK(e.code() == Code::internal);
  CHECK(std::string(e.what()) == "no luck");
  archive.on_find = [] { throw 42; };
  CHECK(error_of([&] { remote->find({}); }).code() == Code::internal);
}

TEST_CASE("a message that is too long is cut between characters") {
  FakeArchive archive;
  const auto remote = through_boundary<Archive>(archive);
  for (std::size_t lead = 0; lead < 4; ++lead) {
    std::string message(lead, 'x');
    while (message.size() < 2000) message += "頭";
    archive.on_find = [&] { throw Error(Code::io, message); };
    const std::string arrived = error_of([&] { remote->find({}); }).what();
    CHECK(arrived.size() <= 1019);
    CHECK(arrived.size() > 1015);
    CHECK((arrived.size() - lead) % 3 == 0);
    CHECK(message.starts_with(arrived));
  }
  const std::string fits(1019, 'y');
  archive.on_find = [&] { throw Error(Code::io, fits); };
  CHECK(error_of([&] { remote->find({}); }).what() == fits);
}

TEST_CASE("strings, lists and numbers cross unchanged") {
  FakeArchive archive;
  const auto remote = through_boundary<Archive>(archive);
  const std::string with_nul("a\0b", 3);
  remote->store({"1.2", "3.4", "", "ÄE", with_nul, "::1", "dimse", "9.8"});
  CHECK(archive.asked == Strings{"1.2", "3.4", "", "ÄE", with_nul, "::1", "dimse", "9.8"});

  const std::string_view patients[] = {"4711", ""};
  const std::string_view instances[] = {"1.1", "1.2", "1.3"};
  CHECK(remote->remove({patients, {}, {}, instances, true}) == std::numeric_limits<uint64_t>::max());
  CHECK(archive.lists == std::vector<Strings>{{"4711", ""}, {}, {}, {"1.1", "1.2", "1.3"}});
  CHECK(archive.with_headers);

  Query query;
  query.level = Level::image;
  query.identifier = bytes("identifier");
  query.order = Query::Order::newest_first;
  query.offset = uint64_t{1} << 33;
  query.limit = 7;
  query.combined_date_time = true;
  archive.on_find = [] { throw Error(Code::cancelled, "enough"); };
  CHECK(code_of([&] { remote->find(query); }) == Code::cancelled);
  CHECK(archive.identifier == "identifier");
  CHECK(archive.query.level == Level::image);
  CHECK(archive.query.order == Query::Order::newest_first);
  CHECK(archive.query.offset == query.offset);
  CHECK(archive.query.limit == 7);
  CHECK(archive.query.combined_date_time);
  CHECK(code_of([&] { remote->find({}); }) == Code::cancelled);
  CHECK(archive.query.level == Level::study);
  CHECK(archive.query.limit == std::numeric_limits<uint64_t>::max());
  CHECK_FALSE(archive.query.combined_date_time);

  const auto statistics = remote->statistics();
  CHECK(statistics.studies == 1);
  CHECK(statistics.series == 2);
  CHECK(statistics.instances == 3);
  CHECK(statistics.bytes == std::numeric_limits<uint64_t>::max());
}

TEST_CASE("an instance record crosses whole") {
  FakeArchive archive;
  const auto remote = through_boundary<Archive>(archive);
  auto sample = SampleInstance("1", "1.1", "1.1.1");
  sample.set(attribute::patient_name, "山田^太郎").blob("2024/01/02/k", uint64_t{5} << 32);
  const auto reader = remote->open(sample.record());
  REQUIRE(archive.opened);
  CHECK(*archive.opened == StoredInstance(sample.record()));
  CHECK(archive.opened->record().bulk.size() == 1);

  CHECK(reader->length() == uint64_t{1} << 40);
  std::array<std::byte, 3> into{};
  CHECK(reader->read_at(0xfe, into) == 3);
  CHECK(into == std::array{std::byte{0xfe}, std::byte{0xff}, std::byte{0x00}});
  CHECK(reader->read_at(0, {}) == 0);
}

TEST_CASE("an object that crosses is ended by its receiver") {
  FakeArchive archive;
  const auto remote = through_boundary<Archive>(archive);
  {
    const auto operation = remote->store({});
    CHECK(archive.alive == 1);
    operation->append(bytes("some "));
    operation->append(bytes(""));
    operation->append(bytes("bytes"));
    const auto outcome = operation->finish();
    CHECK(outcome.kind == StoreOutcome::Kind::refused);
    CHECK(outcome.refusal == StoreOutcome::Refusal::rule);
    CHECK(outcome.reason == "some bytes");
    CHECK(outcome.study_instance_uid == "1");
    CHECK(outcome.series_instance_uid == "2");
    CHECK(outcome.sop_instance_uid == "3");
    CHECK(outcome.sop_class_uid == "4");
  }
  CHECK(archive.alive == 0);
}

TEST_CASE("a function that an older table lacks is unsupported, the others work") {
  FakeArchive archive;
  using Table = fermata_archive_vt;
  Table older = *bridge::Bridge<Archive>::table();
  older.size = offsetof(Table, remove);
  bridge::Bridge<Archive>::Proxy remote(&older, &archive);
  const SampleInstance sample("1", "1.1", "1.1.1");
  CHECK(remote.open(sample.record())->length() > 0);
  const auto e = error_of([&] { remote.remove({}); });
  CHECK(e.code() == Code::unsupported);
  CHECK(std::string(e.what()).find("upgrade") != std::string::npos);
  CHECK(code_of([&] { remote.statistics(); }) == Code::unsupported);
  older.size = sizeof(Table);
  older.statistics = nullptr;
  CHECK(code_of([&] { remote.statistics(); }) == Code::unsupported);
  CHECK(code_of([&] { remote.remove({}); }) == kNoError);
}

TEST_CASE("a record of an older caller is read and filled only as far as it goes") {
  FakeArchive archive;
  const auto* table = bridge::Bridge<Archive>::table();
  Archive* self = &archive;
  fermata_error error{};

  const SampleInstance sample("1", "1.1", "1.1.1");
  auto older = bridge::to_c(sample.record());
  older.size = offsetof(fermata_instance_record, received_us);
  fermata_object_reader reader{};
  REQUIRE(table->open(self, &older, &reader, &error) == FERMATA_OK);
  reader.vt->destroy(reader.self);
  CHECK(archive.opened->record().blob_length == 1000);
  CHECK(archive.opened->record().received_us == 0);
  CHECK(archive.opened->record().bulk.empty());

  fermata_index_statistics statistics{};
  statistics.size = offsetof(fermata_index_statistics, bytes);
  statistics.bytes = 99;
  REQUIRE(table->statistics(self, &statistics, &error) == FERMATA_OK);
  CHECK(statistics.instances == 3);
  CHECK(statistics.bytes == 99);
  CHECK(statistics.size == offsetof(fermata_index_statistics, bytes));
}

TEST_CASE("a record of a newer caller is read and filled as far as it is known") {
  FakeArchive archive;
  struct Newer {
    fermata_index_statistics known;
    uint64_t added;
  } statistics{{sizeof(Newer), 0, 0, 0, 0, 0}, 77};
  fermata_error error{};
  REQUIRE(bridge::Bridge<Archive>::table()->statistics(static_cast<Archive*>(&archive), &statistics.known, &error) ==
          FERMATA_OK);
  CHECK(statistics.known.instances == 3);
  CHECK(statistics.known.size == sizeof(fermata_index_statistics));
  CHECK(statistics.added == 77);
}

TEST_CASE("a caller may do without the error's text") {
  FakeArchive archive;
  archive.on_find = [] { throw Error(Code::not_found, "nothing"); };
  const fermata_query query = bridge::Wire<const Query&>::to({});
  fermata_match_cursor cursor{};
  CHECK(bridge::Bridge<Archive>::table()->find(static_cast<Archive*>(&archive), &query, &cursor, nullptr) ==
        FERMATA_NOT_FOUND);
}

namespace {

class FakeHook final : public IngestHook {
 public:
  void before_store(IngestContext& context) override {
    seen = text(context.header()) + "|" + std::string(context.request().calling_ae_title);
    context.set_element(0x00100010, "PN", bytes("ROE^JANE"));
    context.remove_element(0x00100020);
    context.refuse("not wanted");
  }
  void after_store(const InstanceRecord& record, StoreOutcome::Kind kind) override {
    seen = std::string(record.sop_instance_uid) + (kind == StoreOutcome::Kind::replaced ? " replaced" : " ?");
  }
  std::string seen;
};

class FakeContext final : public IngestContext {
 public:
  std::span<const std::byte> header() override { return bytes("header"); }
  StoreRequest request() override { return {"", "", "", "SCANNER", "", "", ""}; }
  void set_element(uint32_t tag, const char* vr, std::span<const std::byte> value) override {
    if (tag != 0x00100010) throw Error(Code::invalid, "unexpected tag");
    edits.push_back(std::string(vr) + "=" + text(value));
  }
  void remove_element(uint32_t tag) override { edits.push_back("without " + std::to_string(tag)); }
  void refuse(std::string_view reason) override {
    edits.emplace_back(reason);
    if (strict) throw Error(Code::refused, "from the context");
  }
  Strings edits;
  bool strict = false;
};

}  // namespace

TEST_CASE("a callback crosses back") {
  FakeHook hook;
  const auto remote = through_boundary<IngestHook>(hook);
  FakeContext context;
  remote->before_store(context);
  CHECK(hook.seen == "header|SCANNER");
  CHECK(context.edits == Strings{"PN=ROE^JANE", "without 1048608", "not wanted"});
  const SampleInstance sample("1", "1.1", "1.1.1");
  remote->after_store(sample.record(), StoreOutcome::Kind::replaced);
  CHECK(hook.seen == "1.1.1 replaced");
  context.strict = true;
  const auto e = error_of([&] { remote->before_store(context); });  // context, hook, and back again
  CHECK(e.code() == Code::refused);
  CHECK(std::string(e.what()) == "from the context");
}

namespace {

class FakeEntities final : public ApplicationEntities {
 public:
  class Cursor final : public ApplicationEntityCursor {
   public:
    bool next(ApplicationEntity& next) override {
      if (++at_ > 2) return false;
      title_ = "NODE" + std::to_string(at_);
      next = {title_,   "host", static_cast<uint16_t>(at_), kMayEverything, true, false, "d", {}, "configuration", at_,
              "CN=ct1", true};
      if (at_ == 1) next.preferred_transfer_syntaxes = kSyntaxes;
      return true;
    }

   private:
    static constexpr std::string_view kSyntaxes[] = {"1.2.840.10008.1.2.1", "1.2.840.10008.1.2"};
    int at_ = 0;
    std::string title_;
  };
  class Refused final : public RefusedCallerCursor {
   public:
    bool next(RefusedCaller& next) override {
      if (done_) return false;
      done_ = true;
      next = {"WHO", "US", "10.0.0.1", "store", "unknown", -5, 6, 7};
      return true;
    }

   private:
    bool done_ = false;
  };

  Admission admit(const Caller& c) override {
    caller = std::string(c.calling_ae_title) + ">" + std::string(c.called_ae_title) + "@" + std::string(c.address) +
             (c.tls ? " tls" : "");
    if (!c.user.empty())
      caller += " " + std::string(c.certificate_subject) + " " + std::string(c.certificate_fingerprint) + " " +
                std::string(c.user);
    return {Admission::Verdict::wrong_address, kMayEcho | kMayQuery};
  }
  std::unique_ptr<ApplicationEntityCursor> resolve(std::string_view title, const Caller& c) override {
    caller = std::string(title) + "?" + std::string(c.calling_ae_title);
    return std::make_unique<Cursor>();
  }
  std::unique_ptr<ApplicationEntityCursor> list() override { return std::make_unique<Cursor>(); }
  void put(const ApplicationEntity& e) override {
    entity = std::string(e.ae_title) + "@" + std::string(e.host) + ":" + std::to_string(e.port) + " " +
             std::to_string(e.rights) + (e.tls ? " tls" : "") + (e.any_address ? " any " : " ") +
             std::string(e.description) + " " + std::string(e.origin) + std::string(e.certificate) +
             (e.user_required ? " user" : "");
    syntaxes = copies(e.preferred_transfer_syntaxes);
  }
  void remove(std::string_view title) override { entity = "without " + std::string(title); }
  void remember_refused(const Caller& c, std::string_view wanted, std::string_view reason) override {
    caller = std::string(c.calling_ae_title) + " " + std::string(wanted) + " " + std::string(reason);
  }
  std::unique_ptr<RefusedCallerCursor> refused() override { return std::make_unique<Refused>(); }
  void forget_refused(std::string_view title, std::string_view address) override {
    caller = "forget " + std::string(title) + "@" + std::string(address);
  }

  std::string caller;
  std::string entity;
  Strings syntaxes;
};

}  // namespace

TEST_CASE("application entities cross with their lists") {
  FakeEntities entities;
  const auto remote = through_boundary<ApplicationEntities>(entities);
  const auto admission = remote->admit({"A", "B", "fe80::1", true, "CN=ct1", "ab12", "jane"});
  CHECK(admission.verdict == Admission::Verdict::wrong_address);
  CHECK(admission.rights == (kMayEcho | kMayQuery));
  CHECK(entities.caller == "A>B@fe80::1 tls CN=ct1 ab12 jane");

  const auto cursor = remote->resolve("NODE", {"A", "B", "", false});
  CHECK(entities.caller == "NODE?A");
  ApplicationEntity entity;
  REQUIRE(cursor->next(entity));
  CHECK(entity.ae_title == "NODE1");
  CHECK(entity.host == "host");
  CHECK(entity.port == 1);
  CHECK(entity.rights == kMayEverything);
  CHECK(entity.tls);
  CHECK_FALSE(entity.any_address);
  CHECK(entity.origin == "configuration");
  CHECK(copies(entity.preferred_transfer_syntaxes) == Strings{"1.2.840.10008.1.2.1", "1.2.840.10008.1.2"});
  CHECK(entity.last_seen_us == 1);
  CHECK(entity.certificate == "CN=ct1");
  CHECK(entity.user_required);
  REQUIRE(cursor->next(entity));
  CHECK(entity.ae_title == "NODE2");
  CHECK(entity.preferred_transfer_syntaxes.empty());
  CHECK_FALSE(cursor->next(entity));

  const std::string_view syntaxes[] = {"1.2.840.10008.1.2.4.70"};
  remote->put({"X", "h", 104, kMayStore, true, true, "de", syntaxes, "administrator"});
  CHECK(entities.entity == "X@h:104 2 tls any de administrator");
  CHECK(entities.syntaxes == Strings{"1.2.840.10008.1.2.4.70"});
  remote->put({"X", "h", 104, kMayStore, true, true, "de", syntaxes, "administrator", 0, " CN=x", true});
  CHECK(entities.entity == "X@h:104 2 tls any de administrator CN=x user");
  remote->remove("X");
  CHECK(entities.entity == "without X");
  remote->remember_refused({"A", "B", "", false}, "store", "unknown");
  CHECK(entities.caller == "A store unknown");
  remote->forget_refused("A", "10.0.0.1");
  CHECK(entities.caller == "forget A@10.0.0.1");

  const auto refused = remote->refused();
  RefusedCaller caller;
  REQUIRE(refused->next(caller));
  CHECK(caller.calling_ae_title == "WHO");
  CHECK(caller.reason == "unknown");
  CHECK(caller.first_us == -5);
  CHECK(caller.last_us == 6);
  CHECK(caller.times == 7);
  CHECK_FALSE(refused->next(caller));
}

namespace {
class FakeCommand final : public Command {
 public:
  std::string_view name() override { return "re-index"; }
  std::string_view summary() override { return "Makes it anew"; }
  int32_t run(std::span<const std::string_view> arguments) override {
    given = copies(arguments);
    return -3;
  }
  Strings given;
};
}  // namespace

TEST_CASE("a command crosses with its arguments") {
  FakeCommand command;
  const auto remote = through_boundary<Command>(command);
  CHECK(remote->name() == "re-index");
  CHECK(remote->summary() == "Makes it anew");
  const std::string_view arguments[] = {"--all", ""};
  CHECK(remote->run(arguments) == -3);
  CHECK(command.given == Strings{"--all", ""});
  CHECK(remote->run({}) == -3);
  CHECK(command.given.empty());
  CHECK_FALSE(remote->works_while_serving());
  fermata::testing::RecordedConsole console;
  CHECK(code_of([&] { remote->run_at(console, {}); }) == Code::unsupported);
}

namespace {
class ServingCommand final : public Command {
 public:
  std::string_view name() override { return "serving"; }
  std::string_view summary() override { return "Talks to a console"; }
  bool works_while_serving() override { return true; }
  std::string_view usage() override { return "fermata serving"; }
  int32_t run_at(Console& console, std::span<const std::string_view> arguments) override {
    ConsoleStream out(console);
    out << arguments.size() << " arguments\n";
    console.report("reported");
    out << console.new_password("jane") << (console.gone() ? " gone" : " here");
    return 5;
  }
};
}  // namespace

TEST_CASE("a command talks to a console across the boundary") {
  ServingCommand command;
  const auto remote = through_boundary<Command>(command);
  CHECK(remote->works_while_serving());
  fermata::testing::RecordedConsole console;
  console.typed = "secret";
  const std::string_view arguments[] = {"a", "b"};
  CHECK(remote->run_at(console, arguments) == 5);
  CHECK(console.written == "2 arguments\nsecret here");
  CHECK(console.reported == "reported");
  console.has_gone = true;
  remote->run_at(console, {});
  CHECK(console.written == "2 arguments\nsecret here0 arguments\nsecret gone");
  CHECK(code_of([&] { remote->run({}); }) == Code::unsupported);

  auto shorter = *bridge::Bridge<Command>::table();
  shorter.size = offsetof(fermata_command_vt, works_while_serving);
  CHECK_FALSE(bridge::Bridge<Command>::Proxy(&shorter, static_cast<Command*>(&command)).works_while_serving());
  CHECK(remote->usage() == "fermata serving");
  shorter.size = offsetof(fermata_command_vt, usage);
  CHECK(bridge::Bridge<Command>::Proxy(&shorter, static_cast<Command*>(&command)).usage().empty());
}

TEST_CASE("what a console throws comes out of the stream that writes to it") {
  struct Gone final : Console {
    void write(std::string_view) override { throw Error(Code::unavailable, "gone"); }
    void report(std::string_view) override {}
    std::string_view new_password(std::string_view) override { return {}; }
    bool gone() override { return true; }
  } console;
  CHECK(code_of([&] { ConsoleStream(console) << "text"; }) == Code::unavailable);
  CHECK(code_of([&] { ConsoleStream(console) << 12; }) == Code::unavailable);
}
