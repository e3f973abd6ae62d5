#include <zlib.h>

#include <catch2/catch.hpp>
#include <functional>

#include "archive_fixture.hpp"
#include "data-set/canonical_header.hpp"
#include "data-set/data_set_scanner.hpp"
#include "data-set/header_encoder.hpp"
#include "fermata/dicom/data_set_view.hpp"
#include "integrity/verify.hpp"
#include "sample_files.hpp"

using namespace fermata;
using namespace fermata::archive;
using namespace fermata::archive::testing;
using dicom::DataSetView;
using dicom::Tag;
using Kind = StoreOutcome::Kind;
using Refusal = StoreOutcome::Refusal;

namespace {

class Hook final : public IngestHook {
 public:
  explicit Hook(std::function<void(IngestContext&)> before, std::vector<std::string>* stored = nullptr)
      : before_(std::move(before)), stored_(stored) {}
  void before_store(IngestContext& context) override { before_(context); }
  void after_store(const InstanceRecord& record, StoreOutcome::Kind) override {
    if (stored_ != nullptr) stored_->emplace_back(record.sop_instance_uid);
  }

 private:
  std::function<void(IngestContext&)> before_;
  std::vector<std::string>* stored_;
};

void set(IngestContext& context, Tag tag, const char* vr, std::string_view text) {
  context.set_element(tag.value, vr, std::as_bytes(std::span(text)));
}

struct Hooked : Fixture {
  template <class... H>
  explicit Hooked(H... hook) {
    service->drain(std::chrono::seconds(1));
    std::vector<NamedHook> hooks;
    (hooks.push_back({"hook", std::make_unique<Hook>(std::move(hook))}), ...);
    start(std::move(hooks));
  }
  std::size_t problems() {
    return Verification(blobs, index, state, {})
        .run([](std::string_view, std::string_view what) { WARN(what); }, [](const VerifyReport&) {})
        .problems;
  }
};

std::string text(const StoredObject& object, Tag tag) { return std::string(DataSetView(object.header).text(tag)); }

std::vector<std::byte> deflate_raw(Bytes data) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY) == Z_OK);
  std::vector<std::byte> out(deflateBound(&stream, data.size()));
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(data.data()));
  stream.avail_in = static_cast<uInt>(data.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

/// The pixel data of what is stored, found where the index says it is.
std::vector<std::byte> pixels(Hooked& archive, const StoredObject& object) {
  const auto bytes = archive.read(object.identity.sop_instance);
  const auto& bulk = object.bulk.at(0);
  return {bytes.begin() + static_cast<std::ptrdiff_t>(bulk.offset),
          bytes.begin() + static_cast<std::ptrdiff_t>(bulk.offset + bulk.length)};
}

}  // namespace

TEST_CASE("a hook that only looks leaves the bytes as they came") {
  std::string seen;
  std::string caller;
  Hooked archive([&](IngestContext& context) {
    seen = DataSetView(context.header()).text(dicom::kPatientName);
    caller = context.request().calling_ae_title;
  });
  const auto data = Object().encode();
  CHECK(store(*archive.service, data, kExplicitLittle).kind == Kind::stored);
  CHECK(seen == "Doe^Jane");
  CHECK(caller == "SENDER");
  CHECK(archive.read("1.2.3.4.5") == data);
}

TEST_CASE("edits are stored and indexed, in every encoding, with the pixel data as it was") {
  Hooked archive(
      [](IngestContext& context) {
        set(context, dicom::kPatientName, "PN", "Müller^Jörg");
        context.remove_element(Tag(0x0008, 0x0060).value);
        set(context, Tag(0x0009, 0x0010), "LO", "SITE");
      },
      [](IngestContext& context) {
        // The second one sees what the first one did.
        set(context, dicom::kPatientId, "LO", DataSetView(context.header()).text(dicom::kPatientName));
      });
  Object object;
  object.character_set = "ISO_IR 100";
  object.pixels = 3000;
  object.after_pixels =
      "Gr\xfc\xdf"
      "e";
  const auto plain = object.encode();
  const auto encoded = [&](Encoding encoding) { return encode_header(plain, encoding); };
  std::vector<std::byte> data;
  std::string_view transfer_syntax;
  std::string_view stored_as;
  SECTION("Explicit VR Little Endian") { data = plain, transfer_syntax = stored_as = kExplicitLittle; }
  SECTION("Implicit VR Little Endian") {
    data = encoded(Encoding::implicit_little), transfer_syntax = stored_as = kImplicitLittle;
  }
  SECTION("Explicit VR Big Endian") {
    data = encoded(Encoding::explicit_big), transfer_syntax = stored_as = kExplicitBig;
  }
  SECTION("Deflated, which is stored inflated") {
    data = deflate_raw(plain), transfer_syntax = kDeflated, stored_as = kExplicitLittle;
  }
  REQUIRE(!data.empty());
  for (const std::size_t chunk : {1u, 4096u}) {
    const auto result = store(*archive.service, data, transfer_syntax, chunk);
    CHECK((result.kind == Kind::stored || result.kind == Kind::identical));
  }
  const auto stored = archive.find("1.2.3.4.5").value();
  CHECK(stored.transfer_syntax_uid == stored_as);
  CHECK(text(stored, dicom::kPatientName) == "Müller^Jörg");
  CHECK(text(stored, dicom::kPatientId) == "Müller^Jörg");
  CHECK(text(stored, Tag(0x0009, 0x0010)) == "SITE");
  CHECK(text(stored, dicom::kSpecificCharacterSet) == "ISO_IR 192");
  CHECK_FALSE(DataSetView(stored.header).find(dicom::kModality));
  if (transfer_syntax != kImplicitLittle) CHECK(text(stored, Tag(0x7fe1, 0x1000)) == "Grüße");
  CHECK(pixels(archive, stored) == std::vector<std::byte>(3000, std::byte{0x2a}));
  CHECK(archive.problems() == 0);
}

TEST_CASE("edits pass by encapsulated pixel data") {
  if (samples().empty()) return;
  Hooked archive([](IngestContext& context) { set(context, dicom::kPatientId, "LO", "NEW"); });
  const auto& s = sample("MR_small_RLE.dcm");
  const auto result = store(*archive.service, s.data_set, s.meta.transfer_syntax_uid, 100);
  CHECK(result.kind == Kind::stored);
  const auto stored = archive.find(result.sop_instance).value();
  CHECK(text(stored, dicom::kPatientId) == "NEW");
  const auto bytes = archive.read(result.sop_instance);
  DataSetScanner before(s.meta.transfer_syntax_uid, {});
  before.feed(s.data_set);
  const auto was = Bytes(s.data_set).subspan(before.bulk().at(0).offset, 6000);
  const auto is = Bytes(bytes).subspan(stored.bulk.at(0).offset, 6000);
  CHECK(std::equal(was.begin(), was.end(), is.begin(), is.end()));
  CHECK(archive.problems() == 0);
}

TEST_CASE("text that is too long for a header becomes UTF-8 with the rest of an edited object") {
  Hooked archive([](IngestContext& context) { set(context, dicom::kPatientId, "LO", "P2"); });
  const std::size_t length = (1 << 20) + 3;
  dicom::DataSetWriter w;
  w.add_encoded(Object{.character_set = "ISO_IR 100", .pixels = 0}.encode());
  w.add(Tag(0x0040, 0xa160), "UT", std::string(length, '\xe4'));
  w.add(Tag(0x0042, 0x0010), "ST", "after");
  REQUIRE(store(*archive.service, w.bytes(), kExplicitLittle).reason == "");
  const auto object = archive.find("1.2.3.4.5").value();
  REQUIRE(object.bulk.size() == 1);
  CHECK(object.bulk[0].length == 2 * length + 2);  // the padding was a space
  const auto bytes = archive.read("1.2.3.4.5");
  const auto value = Bytes(bytes).subspan(object.bulk[0].offset, object.bulk[0].length);
  std::string expected;
  for (std::size_t i = 0; i < length; ++i) expected += "\xc3\xa4";
  CHECK(std::string(reinterpret_cast<const char*>(value.data()), 2 * length) == expected);
  CHECK(text(object, Tag(0x0042, 0x0010)) == "after");
  CHECK(archive.problems() == 0);
}

TEST_CASE("every sample file survives an edit, and nothing else in it changes") {
  Hooked archive([](IngestContext& context) { set(context, Tag(0x0040, 0xe001), "ST", "edited"); });
  for (const auto& s : samples()) {
    INFO(s.path);
    const auto result = store(*archive.service, s.data_set, s.meta.transfer_syntax_uid);
    if (result.kind != Kind::stored) continue;
    const auto stored = archive.find(result.sop_instance).value();
    CHECK(text(stored, Tag(0x0040, 0xe001)) == "edited");
    DataSetScanner scanner(s.meta.transfer_syntax_uid, {});
    scanner.feed(s.data_set);
    const auto before = canonical_header(scanner.captured(), scanner.encoding().elements).bytes;
    for (const auto& element : DataSetView(before)) {
      if (element.tag == dicom::kSpecificCharacterSet) continue;
      const auto after = DataSetView(stored.header).find(element.tag);
      REQUIRE(after);
      CHECK(std::equal(element.value.begin(), element.value.end(), after->value.begin(), after->value.end()));
    }
  }
  CHECK(archive.problems() == 0);
}

TEST_CASE("a hook may change the UIDs of an instance") {
  Hooked archive([](IngestContext& context) { set(context, dicom::kSopInstanceUid, "UI", "1.9.9"); });
  CHECK(store(*archive.service, Object().encode(), kExplicitLittle).sop_instance == "1.9.9");
  CHECK(archive.find("1.9.9"));
  CHECK(archive.problems() == 0);
}

TEST_CASE("a hook that refuses or fails keeps the object out") {
  SECTION("with a reason for the peer") {
    Hooked archive([](IngestContext& context) { context.refuse("not from this device"); });
    const auto result = store(*archive.service, Object().encode(), kExplicitLittle);
    CHECK(result.refusal == Refusal::rule);
    CHECK(result.reason == "not from this device");
    CHECK(archive.keys().empty());
  }
  SECTION("with an exception") {
    Hooked archive([](IngestContext&) { throw Error(Code::internal, "broken"); });
    CHECK(store(*archive.service, Object().encode(), kExplicitLittle).refusal == Refusal::rule);
    CHECK(archive.keys().empty());
  }
}

TEST_CASE("a hook can't edit what is not its to edit") {
  Hooked archive([](IngestContext& context) {
    for (const uint32_t tag : {0x00020010u, 0x00080000u, 0x7fe00010u, 0x00080005u, 0xfffee000u}) {
      CHECK_THROWS_AS(set(context, Tag(tag), "LO", "x"), Error);
      CHECK_THROWS_AS(context.remove_element(tag), Error);
    }
    CHECK_THROWS_AS(set(context, dicom::kPatientId, "XX", "x"), Error);
    CHECK_THROWS_AS(set(context, dicom::kPatientId, "LO", std::string(65536, 'x')), Error);
  });
  const auto data = Object().encode();
  CHECK(store(*archive.service, data, kExplicitLittle).kind == Kind::stored);
  CHECK(archive.read("1.2.3.4.5") == data);
}

TEST_CASE("a hook can't edit what comes after a bulk value, which it has not seen") {
  constexpr Tag kTitle(0x0042, 0x0010);
  constexpr Tag kType(0x0042, 0x0012);
  constexpr Tag kComment(0x0088, 0x0904);
  dicom::DataSetWriter document;
  document.add_encoded(Object{.pixels = 0}.encode());
  document.add(Tag(0x0042, 0x0011), "OB", std::vector<std::byte>(70'000, std::byte{1}));
  document.add(kType, "LO", "application/pdf");
  Hooked archive([&](IngestContext& context) {
    CHECK(DataSetView(context.header()).text(kType).empty());
    CHECK_THROWS_AS(set(context, kType, "LO", "text/plain"), Error);
    CHECK_THROWS_AS(context.remove_element(kComment.value), Error);
    set(context, kTitle, "ST", "a title");
  });
  const auto result = store(*archive.service, document.bytes(), kExplicitLittle);
  REQUIRE(result.kind == Kind::stored);
  const auto stored = archive.find(result.sop_instance).value();
  CHECK(text(stored, kTitle) == "a title");
  CHECK(text(stored, kType) == "application/pdf");
  Tag earlier;
  const auto bytes = archive.read(result.sop_instance);
  for (const auto& element : DataSetView(bytes)) {
    CHECK(earlier < element.tag);
    earlier = element.tag;
  }
  CHECK(archive.problems() == 0);
}

TEST_CASE("removing what is not there is no edit") {
  Hooked archive([](IngestContext& context) { context.remove_element(0x00104000); });
  const auto data = Object{.patient_name = "M\xfcller", .character_set = "ISO_IR 100"}.encode();
  CHECK(store(*archive.service, data, kExplicitLittle).kind == Kind::stored);
  CHECK(archive.read("1.2.3.4.5") == data);
}

TEST_CASE("after_store sees a large header, too") {
  struct Reader final : IngestHook {
    explicit Reader(std::string& seen) : seen_(seen) {}
    void before_store(IngestContext&) override {}
    void after_store(const InstanceRecord& record, StoreOutcome::Kind) override {
      const dicom::DataSetView header(record.header);
      seen_ = (*header.find(Tag(0x0040, 0x0260))->items().begin()).text(Tag(0x0040, 0x0280));
    }
    std::string& seen_;
  };
  dicom::DataSetWriter w;
  w.add_encoded(Object{.pixels = 0}.encode());
  w.add_encoded(large_sequence(2 << 20));
  std::string seen;
  Fixture archive;
  archive.service->drain(std::chrono::seconds(1));
  std::vector<NamedHook> hooks;
  hooks.push_back({"reader", std::make_unique<Reader>(seen)});
  archive.start(std::move(hooks));
  REQUIRE(store(*archive.service, w.bytes(), kExplicitLittle).kind == Kind::stored);
  CHECK(seen.size() == std::size_t{2} << 20);
}

TEST_CASE("after_store is called for what is stored, and its failure changes nothing") {
  std::vector<std::string> stored;
  Fixture archive;
  archive.service->drain(std::chrono::seconds(1));
  std::vector<NamedHook> hooks;
  hooks.push_back({"hook", std::make_unique<Hook>([](IngestContext&) {}, &stored)});
  archive.start(std::move(hooks));
  for (int i = 0; i < 2; ++i) store(*archive.service, Object().encode(), kExplicitLittle);
  CHECK(stored == std::vector<std::string>{"1.2.3.4.5"});
}
