#include <dcmtk/config/osconfig.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <map>
#include <thread>

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcfilefo.h>
#include <dcmtk/dcmdata/dcistrmb.h>

#include "archive_fixture.hpp"
#include "data-set/canonical_header.hpp"
#include "fermata/dicom/data_set_view.hpp"
#include "sample_files.hpp"

using namespace fermata;
using namespace fermata::archive;
using namespace fermata::archive::testing;
using Kind = StoreOutcome::Kind;
using Refusal = StoreOutcome::Refusal;

namespace {

Settings with(DuplicatePolicy policy) {
  Settings settings;
  settings.duplicates = policy;
  return settings;
}

}  // namespace

TEST_CASE("every sample file is stored, indexed and read back byte for byte") {
  if (samples().empty()) {
    WARN("pydicom's data folder is not installed: nothing to store");
    return;
  }
  // Not instances, or not complete: each with its reason.
  const std::map<std::string, std::string> kRefused = {
      {"chrSQEncoding.dcm", "Study Instance UID is missing"},
      {"chrSQEncoding1.dcm", "Study Instance UID is missing"},
      {"fall.dcm", "Study Instance UID is missing"},
      {"hotiron.dcm", "Study Instance UID is missing"},
      {"hotmetalblue.dcm", "Study Instance UID is missing"},
      {"pet.dcm", "Study Instance UID is missing"},
      {"pet20step.dcm", "Study Instance UID is missing"},
      {"spring.dcm", "Study Instance UID is missing"},
      {"summer.dcm", "Study Instance UID is missing"},
      {"winter.dcm", "Study Instance UID is missing"},
      {"UN_sequence.dcm", "Study Instance UID is missing"},
      {"empty_charset_LEI.dcm", "Study Instance UID is missing"},
      {"nested_priv_SQ.dcm", "Study Instance UID is missing"},
      {"priv_SQ.dcm", "Study Instance UID is missing"},
      {"DICOMDIR", "Study Instance UID is missing"},
      {"DICOMDIR-bigEnd", "Study Instance UID is missing"},
      {"DICOMDIR-empty.dcm", "Study Instance UID is missing"},
      {"DICOMDIR-implicit", "Study Instance UID is missing"},
      {"DICOMDIR-nopatient", "Study Instance UID is missing"},
      {"DICOMDIR-reordered", "Study Instance UID is missing"},
      {"DICOMDIR-nooffset", "an element is longer than what encloses it"},
      {"SC_rgb_jpeg.dcm", "the data set is not encoded in its transfer syntax"},
      {"MR_truncated.dcm", "the data set is cut short"},
      {"rtplan_truncated.dcm", "the data set is cut short"}};
  Fixture archive(with(DuplicatePolicy::replace));
  for (const auto& s : samples()) {
    INFO(s.path);
    const auto result = store(*archive.service, s.data_set, s.meta.transfer_syntax_uid);
    if (const auto refused = kRefused.find(s.name); refused != kRefused.end()) {
      CHECK(result.reason == refused->second);
      continue;
    }
    CHECK(result.reason == "");
    if (result.kind == Kind::refused) continue;
    CHECK(archive.read(result.sop_instance) == s.data_set);
    CHECK(archive.find(result.sop_instance)->transfer_syntax_uid == s.meta.transfer_syntax_uid);
  }
}

TEST_CASE("an object is stored byte for byte in whatever pieces it comes") {
  const Object without_pixels{.pixels = 0};
  const auto plain = without_pixels.encode();
  dicom::DataSetWriter padded;
  padded.add_encoded(plain);
  padded.add(kDataSetTrailingPadding, "OB", std::vector<std::byte>(100));
  auto zeros = plain;
  zeros.resize(plain.size() + 50);
  dicom::DataSetWriter continued;
  continued.add_encoded(padded.bytes());
  continued.add(dicom::Tag(0xfffd, 0x0010), "LO", "FERMATA TEST");  // out of its order
  for (const auto& data : {plain, padded.take(), zeros, continued.take(), Object{}.encode()})
    for (const std::size_t chunk : {std::size_t{1}, std::size_t{3}, std::size_t{11}, std::size_t{64}, data.size()}) {
      Fixture archive;
      CAPTURE(data.size(), chunk);
      const auto result = store(*archive.service, data, kExplicitLittle, chunk);
      REQUIRE(result.reason == "");
      CHECK(archive.read(result.sop_instance) == data);
    }
}

TEST_CASE("an object with Value Representations in lower case is stored as it is, and read as it is meant") {
  const auto plain = Object{}.encode();
  auto lower = plain;
  const dicom::DataSetView view(plain);
  for (auto it = view.begin(); it != view.end(); ++it)
    for (const std::size_t letter : {4, 5})
      lower[static_cast<std::size_t>(it.encoded().data() - plain.data()) + letter] |= std::byte{0x20};
  Fixture archive;
  CHECK(store(*archive.service, lower, kExplicitLittle).kind == Kind::stored);
  CHECK(archive.read("1.2.3.4.5") == lower);
  const auto stored = archive.find("1.2.3.4.5").value();
  CHECK(dicom::DataSetView(stored.header).text(dicom::kPatientName) == "Doe^Jane");
  REQUIRE(stored.bulk.size() == 1);
  CHECK(std::string(stored.bulk[0].vr, 2) == "OW");
}

TEST_CASE("a header that grows over the limit as it becomes UTF-8 is refused") {
  Settings settings;
  settings.limits.header = 3000;
  Fixture archive(settings);
  Object object;
  object.patient_name = std::string(1800, '\xe4');
  CHECK(store(*archive.service, object.encode(), kExplicitLittle).refusal == Refusal::too_large);
  object.patient_name = std::string(1800, 'a');
  CHECK(store(*archive.service, object.encode(), kExplicitLittle).kind == Kind::stored);
}

TEST_CASE("a stored object can be found, and read from any place") {
  Fixture archive;
  const auto data = Object().encode();
  CHECK(store(*archive.service, data, kExplicitLittle).kind == Kind::stored);
  dicom::DataSetWriter keys;
  keys.add(dicom::kPatientName, "PN", "DOE*");
  keys.add_empty(dicom::kStudyInstanceUid, "UI");
  Query query;
  query.identifier = keys.bytes();
  const auto matches = archive.service->find(query);
  Bytes identifier;
  REQUIRE(matches->next(identifier));
  CHECK(dicom::DataSetView(identifier).text(dicom::kStudyInstanceUid) == "1.2.3");
  CHECK_FALSE(matches->next(identifier));

  const auto object = archive.find("1.2.3.4.5").value();
  const auto reader = archive.service->open(object.record());
  CHECK(reader->length() == data.size());
  std::vector<std::byte> part(10);
  CHECK(reader->read_at(5, part) == 10);
  CHECK(std::equal(part.begin(), part.end(), data.begin() + 5));
  CHECK(reader->read_at(data.size(), part) == 0);
  CHECK(reader->read_at(data.size() - 3, part) == 3);
  CHECK(archive.service->statistics().instances == 1);
}

TEST_CASE("a blob is a DICOM file that other programs read") {
  Fixture archive;
  store(*archive.service, Object().encode(), kExplicitLittle);
  const auto object = archive.find("1.2.3.4.5").value();
  const auto blob = archive.blobs.open(object.blob_key);
  const auto read = read_file_meta(*blob);
  CHECK(read.data_set_offset == object.data_set_offset);
  CHECK(read.meta.transfer_syntax_uid == kExplicitLittle);
  CHECK(read.meta.sop_instance_uid == "1.2.3.4.5");
  CHECK(read.meta.source_ae_title == "SENDER");
  CHECK(read.meta.received_us == object.received_us);

  std::vector<std::byte> file(blob->length());
  blob->read_at(0, file);
  DcmInputBufferStream stream;
  stream.setBuffer(file.data(), static_cast<offile_off_t>(file.size()));
  stream.setEos();
  DcmFileFormat dcmtk;
  dcmtk.transferInit();
  REQUIRE(dcmtk.read(stream).good());
  OFString uid;
  CHECK(dcmtk.getDataset()->findAndGetOFString(DCM_SOPInstanceUID, uid).good());
  CHECK(uid == "1.2.3.4.5");
}

TEST_CASE("an object is known by its UIDs whatever stands before them") {
  const std::vector<std::byte> large(100'000, std::byte{0x17});
  const auto object = [&](bool fragments) {
    dicom::DataSetWriter before;
    before.add(dicom::kSopClassUid, "UI", kSecondaryCapture);
    before.add(dicom::kSopInstanceUid, "UI", "1.2.3.4.5");
    before.add(dicom::Tag(0x0009, 0x0010), "LO", "FERMATA TEST");
    if (!fragments) before.add(dicom::Tag(0x0009, 0x1001), "OB", large);
    auto bytes = before.take();
    if (fragments) {
      for (const uint8_t b :
           {0x09, 0,    0x01, 0x10, 'O' + 0, 'B' + 0, 0, 0, 0xff, 0xff, 0xff, 0xff,  // undefined length
            0xfe, 0xff, 0x00, 0xe0, 4,       0,       0, 0, 1,    2,    3,    4,     // one item
            0xfe, 0xff, 0xdd, 0xe0, 0,       0,       0, 0})
        bytes.push_back(static_cast<std::byte>(b));
    }
    dicom::DataSetWriter behind;
    behind.add(dicom::kStudyInstanceUid, "UI", "1.2.3");
    behind.add(dicom::kSeriesInstanceUid, "UI", "1.2.3.4");
    behind.add(dicom::Tag(0x0021, 0x0010), "LO", "FERMATA TEST");
    behind.add(dicom::Tag(0x0021, 0x1001), "OB", large);
    behind.add(dicom::kPixelData, "OW", std::vector<std::byte>(512, std::byte{0x2a}));
    bytes.insert(bytes.end(), behind.bytes().begin(), behind.bytes().end());
    return bytes;
  };
  for (const bool fragments : {false, true})
    for (const std::size_t chunk : {7u, 4096u, 1'000'000u}) {
      Fixture archive;
      const auto data = object(fragments);
      const auto result = store(*archive.service, data, kExplicitLittle, chunk);
      CHECK(result.reason == "");
      REQUIRE(result.kind == Kind::stored);
      CHECK(archive.read("1.2.3.4.5") == data);
      const auto stored = archive.find("1.2.3.4.5").value();
      CHECK(stored.identity.study == "1.2.3");
      REQUIRE(stored.bulk.size() == 2);
      CHECK(stored.bulk[0].tag == 0x00211001);
      const auto value = dicom::DataSetView(stored.header).find(dicom::Tag(0x0009, 0x1001));
      REQUIRE(value);
      if (!fragments) CHECK(std::equal(value->value.begin(), value->value.end(), large.begin(), large.end()));
    }
}

TEST_CASE("the same object again is identical, and nothing is written") {
  for (const auto policy : {DuplicatePolicy::keep_first, DuplicatePolicy::replace, DuplicatePolicy::reject}) {
    Fixture archive(with(policy));
    const auto data = Object().encode();
    store(*archive.service, data, kExplicitLittle);
    CHECK(store(*archive.service, data, kExplicitLittle).kind == Kind::identical);
    CHECK(archive.keys().size() == 1);
  }
}

TEST_CASE("another object with a stored UID follows the policy") {
  Object first;
  Object second;
  second.patient_name = "Doe^Joan";
  const auto try_with = [&](DuplicatePolicy policy, const Object& other) {
    auto archive = std::make_unique<Fixture>(with(policy));
    store(*archive->service, first.encode(), kExplicitLittle);
    const auto result = store(*archive->service, other.encode(), kExplicitLittle);
    CHECK(archive->keys().size() == 1);
    CHECK(archive->index.statistics().instances == 1);
    return std::pair{result, archive->read(first.sop_instance)};
  };
  SECTION("in the same series") {}
  SECTION("in another study") {
    second.study = "1.2.9";
    second.series = "1.2.9.1";
  }
  const auto [kept, kept_bytes] = try_with(DuplicatePolicy::keep_first, second);
  CHECK(kept.kind == Kind::kept_first);
  CHECK(kept_bytes == first.encode());
  const auto [replaced, replaced_bytes] = try_with(DuplicatePolicy::replace, second);
  CHECK(replaced.kind == Kind::replaced);
  CHECK(replaced_bytes == second.encode());
  const auto [rejected, rejected_bytes] = try_with(DuplicatePolicy::reject, second);
  CHECK(rejected.kind == Kind::refused);
  CHECK(rejected.refusal == Refusal::duplicate);
  CHECK(rejected_bytes == first.encode());
}

TEST_CASE("one object from many senders at once is stored once") {
  Fixture archive;
  std::atomic<int> stored{0};
  std::atomic<int> identical{0};
  std::vector<std::thread> senders;
  for (int i = 0; i < 8; ++i)
    senders.emplace_back([&] {
      for (int n = 0; n < 50; ++n) {
        Object object;
        object.sop_instance = "1.5." + std::to_string(n);
        const auto kind = store(*archive.service, object.encode(), kExplicitLittle, 100).kind;
        stored += kind == Kind::stored ? 1 : 0;
        identical += kind == Kind::identical ? 1 : 0;
      }
    });
  for (auto& sender : senders) sender.join();
  CHECK(stored == 50);
  CHECK(identical == 350);
  CHECK(archive.keys().size() == 50);
}

TEST_CASE("what can't be kept is refused with its reason, and leaves nothing") {
  Fixture archive;
  const auto refusal = [&](const Object& object, StoreRequest request = {}) {
    const auto result = store(*archive.service, object.encode(), kExplicitLittle, 100, request);
    CHECK(result.kind == Kind::refused);
    CHECK(result.reason.size() <= 64);
    CHECK(archive.keys().empty());
    return result.refusal;
  };
  Object object;
  object.study.clear();
  CHECK(refusal(object) == Refusal::missing_attribute);
  object = {};
  object.sop_instance = "1.2.three";
  CHECK(refusal(object) == Refusal::missing_attribute);
  object.sop_instance = std::string(65, '1');
  CHECK(refusal(object) == Refusal::missing_attribute);
  object = {};
  StoreRequest request;
  request.sop_class_uid = "1.2.840.10008.5.1.4.1.1.2";
  CHECK(refusal(object, request) == Refusal::sop_class_mismatch);
  request.sop_class_uid = kSecondaryCapture;
  request.sop_instance_uid = "1.2.3.4.6";
  CHECK(refusal(object, request) == Refusal::sop_class_mismatch);
  request = {};
  const auto other_study = object.study + ".1";
  request.study_instance_uid = other_study;
  CHECK(refusal(object, request) == Refusal::sop_class_mismatch);

  const auto data = Object().encode();
  CHECK(store(*archive.service, Bytes(data).first(data.size() - 1), kExplicitLittle).refusal ==
        Refusal::not_understood);
  CHECK(store(*archive.service, data, kImplicitLittle).refusal == Refusal::not_understood);
  CHECK(store(*archive.service, {}, kExplicitLittle).refusal == Refusal::missing_attribute);
  CHECK(archive.keys().empty());
  CHECK(store(*archive.service, data, kExplicitLittle).kind == Kind::stored);
}

TEST_CASE("UIDs padded with spaces or zeros are the same UIDs") {
  Fixture archive;
  Object object;
  object.sop_instance = "1.2.3.4.5 ";
  StoreRequest request;
  request.sop_instance_uid = std::string_view("1.2.3.4.5\0", 10);
  CHECK(store(*archive.service, object.encode(), kExplicitLittle, 100, request).sop_instance == "1.2.3.4.5");
}

TEST_CASE("an operation that is dropped has never been") {
  Fixture archive;
  {
    StoreRequest request;
    request.transfer_syntax_uid = kExplicitLittle;
    const auto operation = archive.service->store(request);
    operation->append(Object().encode());
  }
  CHECK(archive.keys().empty());
  CHECK_FALSE(archive.find("1.2.3.4.5"));
}

TEST_CASE("a full store refuses with out_of_space, and takes objects again when there is space") {
  fermata::testing::MemoryBlobStore small(4000);
  fermata::testing::MemoryIndex index;
  fermata::testing::MemoryStateStore state;
  ArchiveService service(small, index, state, {}, {}, Journal{});
  service.serve();
  Object large;
  large.pixels = 5000;
  CHECK(store(service, large.encode(), kExplicitLittle).refusal == Refusal::out_of_space);
  CHECK(store(service, Object().encode(), kExplicitLittle).kind == Kind::stored);
}

TEST_CASE("an archive that a verb uses, and nobody serves, takes objects until it is drained") {
  fermata::testing::MemoryBlobStore blobs;
  fermata::testing::MemoryIndex index;
  fermata::testing::MemoryStateStore state;
  {
    ArchiveService service(blobs, index, state, {}, {}, Journal{});
    CHECK(store(service, Object().encode(), kExplicitLittle).kind == Kind::stored);
    service.serve();
    CHECK(store(service, Object().encode(), kExplicitLittle).kind == Kind::identical);
  }
  ArchiveService never_used(blobs, index, state, {}, {}, Journal{});
  never_used.drain(std::chrono::milliseconds(0));
  CHECK(store(never_used, Object().encode(), kExplicitLittle).refusal == Refusal::stopping);
}

TEST_CASE("after drain everything is refused as stopping, and what was on its way may finish before") {
  Fixture archive;
  StoreRequest request;
  request.transfer_syntax_uid = kExplicitLittle;
  const auto data = Object().encode();
  auto early = archive.service->store(request);
  early->append(data);
  std::thread draining([&] { archive.service->drain(std::chrono::seconds(10)); });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  CHECK(store(*archive.service, data, kExplicitLittle).refusal == Refusal::stopping);
  CHECK(early->finish().kind == Kind::stored);
  early.reset();
  draining.join();
  CHECK(store(*archive.service, data, kExplicitLittle).refusal == Refusal::stopping);
  CHECK(archive.find("1.2.3.4.5"));
}

TEST_CASE("objects are taken in in chunks of any size, in any transfer syntax, known or not") {
  for (const std::size_t chunk : {1u, 3u, 1000u}) {
    Fixture archive;
    Object object;
    object.pixels = 3000;
    object.after_pixels = "after";
    CHECK(store(*archive.service, object.encode(), "1.2.3.4.5.6.7", chunk).kind == Kind::stored);
    CHECK(archive.read("1.2.3.4.5") == object.encode());
    const auto stored = archive.find("1.2.3.4.5").value();
    REQUIRE(stored.bulk.size() == 1);
    CHECK(stored.bulk[0].length == 3000);
    CHECK(dicom::DataSetView(stored.header).text(dicom::Tag(0x7fe1, 0x1000)) == "after");
  }
}

TEST_CASE("removal takes instances, their blobs and their entries in the journal") {
  Settings settings;
  settings.removal_step = 7;
  Fixture archive(settings);
  for (int i = 0; i < 50; ++i) {
    Object object;
    object.study = "1.6." + std::to_string(i % 3);
    object.series = object.study + ".1";
    object.sop_instance = "1.6.9." + std::to_string(i);
    store(*archive.service, object.encode(), kExplicitLittle);
  }
  CHECK_THROWS_AS(archive.service->remove({}), Error);
  const std::array<std::string_view, 2> studies{"1.6.0", "1.6.1"};
  Selection selection;
  selection.study_instance_uids = studies;
  CHECK(archive.service->remove(selection) == 34);
  CHECK(archive.index.statistics().instances == 16);
  CHECK(archive.keys().size() == 16);
  Document document;
  CHECK_FALSE(archive.state.list("archive.deletions", {})->next(document));
  CHECK(archive.service->remove(selection) == 0);
}

TEST_CASE("opening a removed instance is not_found") {
  Fixture archive;
  store(*archive.service, Object().encode(), kExplicitLittle);
  const auto object = archive.find("1.2.3.4.5").value();
  const std::string_view uid = "1.2.3.4.5";
  Selection selection;
  selection.sop_instance_uids = std::span(&uid, 1);
  CHECK(archive.service->remove(selection) == 1);
  try {
    archive.service->open(object.record());
    FAIL("it opened");
  } catch (const Error& error) {
    CHECK(error.code() == Code::not_found);
  }
}
