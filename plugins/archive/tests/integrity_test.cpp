#include <catch2/catch.hpp>
#include <map>

#include "archive_fixture.hpp"
#include "integrity/verify.hpp"

using namespace fermata;
using namespace fermata::archive;
using namespace fermata::archive::testing;
using State = Finding::State;

namespace {

std::vector<std::byte> bytes_of(BlobStore& blobs, std::string_view key) {
  const auto reader = blobs.open(key);
  std::vector<std::byte> bytes(static_cast<std::size_t>(reader->length()));
  reader->read_at(0, bytes);
  return bytes;
}

void put(BlobStore& blobs, std::string_view key, std::span<const std::byte> bytes) {
  const auto writer = blobs.create(key);
  writer->append(bytes);
  writer->commit();
}

void overwrite(BlobStore& blobs, std::string_view key, std::span<const std::byte> bytes) {
  blobs.remove(key);
  put(blobs, key, bytes);
}

/// Copies from a second store, counted.
class StoreCopies final : public ObjectCopies {
 public:
  explicit StoreCopies(std::vector<BlobStore*> stores) : stores_(std::move(stores)) {}
  std::unique_ptr<BlobReader> copy(std::string_view blob_key, uint64_t number) override {
    if (number >= stores_.size()) throw Error(Code::not_found, "no more");
    place_ = "store " + std::to_string(number);
    return stores_[number]->open(blob_key);
  }
  std::string_view place() override { return place_; }

 private:
  const std::vector<BlobStore*> stores_;
  std::string place_;
};

/// No copies, but somebody who sends the object again.
class Sender final : public ObjectCopies {
 public:
  using Send = std::function<void(const InstanceRecord&)>;
  explicit Sender(Send send) : send_(std::move(send)) {}
  std::unique_ptr<BlobReader> copy(std::string_view, uint64_t) override { throw Error(Code::not_found, "none"); }
  std::string_view place() override { return "OTHER"; }
  bool fetch(const InstanceRecord& damaged) override {
    send_(damaged);
    return true;
  }

 private:
  const Send send_;
};

struct Found {
  State state;
  std::string problem;
  std::string done;
};

struct Scene : Fixture {
  std::map<std::string, Found> walk(std::vector<BlobStore*> copies = {}, std::string_view after = {}) {
    return walk_with(std::make_unique<StoreCopies>(std::move(copies)), after);
  }
  std::map<std::string, Found> walk_with(std::unique_ptr<ObjectCopies> copies, std::string_view after = {}) {
    std::map<std::string, Found> found;
    const auto walk = service->integrity().walk(after, std::move(copies));
    Finding finding;
    looked_at = 0;
    while (walk->next(finding)) {
      ++looked_at;
      if (finding.state != State::good)
        found[std::string(finding.blob_key)] = {finding.state, std::string(finding.problem), std::string(finding.done)};
    }
    return found;
  }
  /// The walk of one damaged object, while which somebody sends this.
  Found walk_while_sent(const Object& object, std::string_view transfer_syntax = kExplicitLittle) {
    const auto found = walk_with(std::make_unique<Sender>([&](const InstanceRecord& damaged) {
      CHECK(damaged.sop_instance_uid == object.sop_instance);
      StoreRequest request;
      request.sop_instance_uid = damaged.sop_instance_uid;
      sent = store(*service, object.encode(), transfer_syntax, 100, request);
    }));
    REQUIRE(found.size() == 1);
    return found.begin()->second;
  }
  std::string add(const std::string& uid) {
    Object object;
    object.sop_instance = uid;
    REQUIRE(store(*service, object.encode(), kExplicitLittle).kind == StoreOutcome::Kind::stored);
    service->save_mark();
    return find(uid)->blob_key;
  }
  /// Changes one byte of the pixels.
  void flip(const std::string& key) {
    auto bytes = bytes_of(blobs, key);
    bytes[bytes.size() - 20] ^= std::byte{1};
    overwrite(blobs, key, bytes);
  }
  uint64_t problems() {
    return Verification(blobs, index, state, settings.limits)
        .run([](std::string_view, std::string_view) {}, [](const VerifyReport&) {})
        .problems;
  }

  uint64_t looked_at = 0;
  Result sent{};
  fermata::testing::MemoryBlobStore backup;
};

}  // namespace

TEST_CASE("a walk over an archive that is whole finds nothing") {
  Scene scene;
  scene.add("1.1");
  scene.add("1.2");
  CHECK(scene.walk().empty());
  CHECK(scene.looked_at == 2);
  CHECK(scene.walk({}, scene.find("1.1")->blob_key).empty());
  CHECK(scene.looked_at == 1);
}

TEST_CASE("one flipped byte is found, named, and repaired from a copy that is right") {
  Scene scene;
  const auto key = scene.add("1.1");
  const auto right = bytes_of(scene.blobs, key);
  fermata::testing::MemoryBlobStore wrong;
  scene.flip(key);
  put(wrong, key, bytes_of(scene.blobs, key));
  put(scene.backup, key, right);
  const auto damaged = bytes_of(scene.blobs, key);

  const auto found = scene.walk({&wrong, &scene.backup});
  REQUIRE(found.size() == 1);
  CHECK(found.at(key).state == State::healed);
  CHECK(found.at(key).problem == "its checksum is not the one at receipt");
  CHECK(found.at(key).done == "repaired from store 1");
  const auto now = scene.find("1.1").value();
  CHECK(now.blob_key != key);
  CHECK(bytes_of(scene.blobs, now.blob_key) == right);
  CHECK(bytes_of(scene.blobs, "quarantine/" + key) == damaged);
  CHECK(scene.problems() == 0);
  CHECK(scene.walk().empty());
  scene.restart();
  CHECK(scene.find("1.1")->blob_key == now.blob_key);
  CHECK(scene.problems() == 0);
}

TEST_CASE("a damaged object that is sent again takes its place, with the time and source of its receipt") {
  Scene scene;
  const auto key = scene.add("1.1");
  const auto before = scene.find("1.1").value();
  const auto right = bytes_of(scene.blobs, key);
  scene.flip(key);
  Object object;
  object.sop_instance = "1.1";
  const auto found = scene.walk_while_sent(object);
  CHECK(found.state == State::healed);
  CHECK(found.done == "sent again by OTHER: its checksum is the one at receipt");
  CHECK(scene.sent.kind == StoreOutcome::Kind::identical);
  const auto now = scene.find("1.1").value();
  CHECK(now.blob_key != key);
  CHECK(now.received_us == before.received_us);
  CHECK(now.source_ae_title == before.source_ae_title);
  CHECK(bytes_of(scene.blobs, now.blob_key) == right);
  CHECK(exists(scene.blobs, "quarantine/" + key));
  CHECK(scene.problems() == 0);
  scene.restart();
  CHECK(scene.walk().empty());
  CHECK(scene.find("1.1")->blob_key == now.blob_key);
}

TEST_CASE("an object whose blob is gone comes back when it is sent again") {
  Scene scene;
  scene.blobs.remove(scene.add("1.1"));
  Object object;
  object.sop_instance = "1.1";
  CHECK(scene.walk_while_sent(object).state == State::healed);
  CHECK(scene.problems() == 0);
}

TEST_CASE("what another archive has encoded anew is the same object if its header is") {
  Scene scene;
  const auto key = scene.add("1.1");
  scene.flip(key);
  Object object;
  object.sop_instance = "1.1";
  auto elements = object.encode();
  // A group length, as older programs write them.
  dicom::DataSetWriter length;
  length.add_u32(dicom::Tag(0x0008, 0x0000), 4711);
  const auto head = length.take();
  elements.insert(elements.begin(), head.begin(), head.end());
  const auto found = scene.walk_with(std::make_unique<Sender>([&](const InstanceRecord& damaged) {
    StoreRequest request;
    request.sop_instance_uid = damaged.sop_instance_uid;
    scene.sent = store(*scene.service, elements, kExplicitLittle, 4096, request);
  }));
  CHECK(scene.sent.kind == StoreOutcome::Kind::identical);
  CHECK(found.at(key).state == State::healed);
  CHECK(found.at(key).done.find("its header is the same") != std::string::npos);
  CHECK(scene.problems() == 0);
  scene.restart();
  CHECK(scene.walk().empty());
}

TEST_CASE("another object that is sent for a damaged one is a duplicate, and the damaged one stays") {
  Scene scene;
  const auto key = scene.add("1.1");
  scene.flip(key);
  Object renamed;
  renamed.sop_instance = "1.1";
  renamed.patient_name = "Roe^Jane";
  Object longer;
  longer.sop_instance = "1.1";
  longer.pixels = 514;
  Object stranger;  // whatever the command says
  stranger.sop_instance = "1.1";
  stranger.study = "9.9";
  for (const auto& object : {renamed, longer, stranger}) {
    const auto found = scene.walk_while_sent(object);
    CHECK(found.state == State::open);
    CHECK(found.problem.find("OTHER has sent another: its ") != std::string::npos);
    CHECK(scene.sent.kind == StoreOutcome::Kind::kept_first);
  }
  CHECK(scene.walk_while_sent(renamed, kImplicitLittle).problem.find("another transfer syntax") != std::string::npos);
  CHECK(scene.find("1.1")->blob_key == key);
  CHECK(scene.keys() == std::vector<std::string>{key});
  CHECK(scene.problems() == 1);
}

TEST_CASE("whoever sends another object while a damaged one is awaited meets the policy for duplicates") {
  Scene scene;
  scene.settings.duplicates = DuplicatePolicy::reject;
  scene.restart();
  const auto key = scene.add("1.1");
  scene.flip(key);
  Object other;
  other.sop_instance = "1.1";
  other.patient_name = "Roe^Jane";
  scene.walk_while_sent(other);
  CHECK(scene.sent.kind == StoreOutcome::Kind::refused);
  CHECK(scene.sent.refusal == StoreOutcome::Refusal::duplicate);
  CHECK(scene.find("1.1")->blob_key == key);

  scene.settings.duplicates = DuplicatePolicy::replace;
  scene.restart();
  const auto found = scene.walk_while_sent(other);
  CHECK(found.problem.find("its header is another one") != std::string::npos);
  CHECK(scene.sent.kind == StoreOutcome::Kind::replaced);
  CHECK(scene.find("1.1")->blob_key != key);
  CHECK(scene.read("1.1") == other.encode());
  CHECK(scene.problems() == 0);
  CHECK(scene.walk().empty());
}

TEST_CASE("with any policy for duplicates, the same object heals the damaged one") {
  for (const auto policy : {DuplicatePolicy::keep_first, DuplicatePolicy::replace, DuplicatePolicy::reject}) {
    Scene scene;
    scene.settings.duplicates = policy;
    scene.restart();
    const auto key = scene.add("1.1");
    scene.flip(key);
    Object same;
    same.sop_instance = "1.1";
    CHECK(scene.walk_while_sent(same).state == State::healed);
    CHECK(scene.sent.kind == StoreOutcome::Kind::identical);
    CHECK(scene.problems() == 0);
  }
}

TEST_CASE("a sender who can't send leaves the damage as it was, with the reason") {
  Scene scene;
  const auto key = scene.add("1.1");
  scene.flip(key);
  const auto found = scene.walk_with(std::make_unique<Sender>(
      [](const InstanceRecord&) { throw Error(Code::unavailable, "nobody answers at 10.0.0.7"); }));
  CHECK(found.at(key).state == State::open);
  CHECK(found.at(key).problem.find("nobody answers at 10.0.0.7") != std::string::npos);
  const auto silent = scene.walk_with(std::make_unique<Sender>([](const InstanceRecord&) {}));
  CHECK(silent.at(key).problem.find("OTHER has not sent it") != std::string::npos);
  CHECK(scene.find("1.1")->blob_key == key);
}

TEST_CASE("once it is not awaited any more, a second object with its UID is one like any other") {
  Scene scene;
  const auto key = scene.add("1.1");
  scene.flip(key);
  scene.walk_with(std::make_unique<Sender>([](const InstanceRecord&) {}));
  Object object;
  object.sop_instance = "1.1";
  StoreRequest request;
  request.sop_instance_uid = "1.1";
  CHECK(store(*scene.service, object.encode(), kExplicitLittle, 4096, request).kind == StoreOutcome::Kind::identical);
  CHECK(scene.find("1.1")->blob_key == key);
}

TEST_CASE("damage without a right copy is reported each time, and the object stays") {
  Scene scene;
  const auto key = scene.add("1.1");
  scene.flip(key);
  put(scene.backup, key, bytes_of(scene.blobs, key));
  for (int i = 0; i < 2; ++i) {
    const auto found = scene.walk({&scene.backup});
    REQUIRE(found.size() == 1);
    CHECK(found.at(key).state == State::open);
    CHECK(found.at(key).done.empty());
  }
  CHECK(scene.find("1.1")->blob_key == key);
}

TEST_CASE("a blob that is gone, or damaged from its first byte on, is repaired") {
  Scene scene;
  const auto gone = scene.add("1.1");
  const auto wiped = scene.add("1.2");
  for (const auto& key : {gone, wiped}) put(scene.backup, key, bytes_of(scene.blobs, key));
  scene.blobs.remove(gone);
  overwrite(scene.blobs, wiped, std::vector<std::byte>(500));
  const auto found = scene.walk({&scene.backup});
  CHECK(found.at(gone).done == "repaired from store 0");
  CHECK(found.at(wiped).done == "repaired from store 0");
  CHECK(found.size() == 2);
  CHECK(scene.problems() == 0);
  CHECK(scene.read("1.1").size() > 500);
}

TEST_CASE("a walk that goes on also sees what was damaged before the place where it goes on") {
  Scene scene;
  const auto wiped = scene.add("1.1");
  const auto last = scene.add("1.2");
  put(scene.backup, wiped, bytes_of(scene.blobs, wiped));
  overwrite(scene.blobs, wiped, std::vector<std::byte>(500));
  CHECK(scene.walk({&scene.backup}, last).at(wiped).state == State::healed);
}

TEST_CASE("an object whose blob is gone for good is taken in again when it is sent again") {
  Scene scene;
  const auto key = scene.add("1.1");
  scene.blobs.remove(key);
  const auto found = scene.walk();
  CHECK(found.at(key).state == State::healed);
  CHECK(found.at(key).done.find("send instance 1.1 again") != std::string::npos);
  CHECK_FALSE(scene.find("1.1"));
  scene.add("1.1");
  CHECK(scene.problems() == 0);
}

TEST_CASE("when very many blobs are gone, the index does not forget them all") {
  Scene scene;
  for (int i = 0; i < 150; ++i) scene.add("1.1." + std::to_string(i));
  for (const auto& key : scene.keys()) scene.blobs.remove(key);
  const auto found = scene.walk();
  CHECK(found.size() == 150);
  CHECK(scene.index.statistics().instances == 50);
}

TEST_CASE("blobs that no record names are indexed, or put aside") {
  Scene scene;
  const auto unknown = scene.add("1.1");
  const auto twin = scene.add("1.2");
  const std::string strange = "2020/01/01/000000000/0001.dcm";
  const std::string copy = "2020/01/01/000000000/0002.dcm";
  put(scene.blobs, strange, std::vector<std::byte>(300));
  put(scene.blobs, copy, bytes_of(scene.blobs, twin));
  {
    const auto transaction = scene.index.begin("1.2.3");
    transaction->remove("1.1");
    transaction->commit();
  }
  const auto found = scene.walk();
  CHECK(found.size() == 3);
  CHECK(found.at(unknown).done == "put into the index");
  CHECK(found.at(strange).done == "put aside as quarantine/" + strange);
  CHECK(found.at(copy).done == "put aside as quarantine/" + copy);
  CHECK(scene.find("1.1")->blob_key == unknown);
  CHECK(scene.find("1.2")->blob_key == twin);
  CHECK(scene.problems() == 0);
  scene.restart();
  CHECK(scene.index.statistics().instances == 2);
  CHECK(scene.walk().empty());
}

TEST_CASE("the trash and planned removals are nobody's orphans") {
  Scene scene;
  scene.add("1.1");
  scene.service->trash().discard("1.2.3", "ann", INT64_MAX);
  Object other;
  other.study = "1.3";
  other.sop_instance = "1.3.1";
  REQUIRE(store(*scene.service, other.encode(), kExplicitLittle).kind == StoreOutcome::Kind::stored);
  const auto key = scene.find("1.3.1")->blob_key;
  DeletionJournal deletions(scene.blobs, scene.index, scene.state);
  const DeletionJournal::Removal removal{key, "1.3", "1.3.1", {}};
  deletions.plan({&removal, 1});
  {
    const auto transaction = scene.index.begin("1.3");
    transaction->remove("1.3.1");
    transaction->commit();
  }
  CHECK(scene.walk().empty());
  CHECK(scene.index.statistics().instances == 0);
  CHECK(scene.service->trash().restore("1.2.3") == 1);
}

TEST_CASE("a record that does not follow from its blob is made anew") {
  Scene scene;
  const auto key = scene.add("1.1");
  auto record = scene.find("1.1").value();
  record.source_ae_title = "OTHER";
  record.bulk.clear();
  {
    const auto transaction = scene.index.begin("1.2.3");
    transaction->upsert(record.record());
    transaction->commit();
  }
  CHECK(scene.walk().at(key).done == "its record in the index was made anew");
  CHECK(scene.problems() == 0);
}

TEST_CASE("one walk at a time") {
  Scene scene;
  const auto walk = scene.service->integrity().walk({}, std::make_unique<StoreCopies>(std::vector<BlobStore*>{}));
  CHECK_THROWS_AS(scene.walk(), Error);
}
