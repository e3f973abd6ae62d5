#include <catch2/catch.hpp>

#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dicom/json_writer.hpp"
#include "problem.hpp"
#include "retrieve/native_xml_writer.hpp"
#include "store/bit_stream.hpp"
#include "store/described_instances.hpp"
#include "store/spool_file.hpp"
#include "store_scene.hpp"

using namespace fermata;
using namespace fermata::dicom;
using namespace fermata::dicomweb;
using namespace fermata::dicomweb::testing;
using namespace std::string_literals;
using Strings = std::vector<std::string>;

namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

constexpr const char* kJson = "application/dicom+json";
constexpr const char* kXml = "application/dicom+xml";

/// The attributes that every instance needs, and `more`.
std::string json_instance(const std::string& more = "", const std::string& instance = "1.2.3.4.5") {
  return R"({"00080016":{"vr":"UI","Value":["1.2.840.10008.5.1.4.1.1.7"]},"00080018":{"vr":"UI","Value":[")" +
         instance + R"("]},"0020000D":{"vr":"UI","Value":["1.2.3"]},"0020000E":{"vr":"UI","Value":["1.2.3.4"]})" +
         (more.empty() ? "" : "," + more) + "}";
}

std::string repeated(std::string_view text, int times) {
  std::string all;
  while (times-- > 0) all += text;
  return all;
}

const std::string kPixels = R"("7FE00010":{"vr":"OW","BulkDataURI":"pixels"})";

archive::StoredObject stored(StoreScene& scene, const char* instance = "1.2.3.4.5") {
  const auto found = scene.stores.find(instance);
  REQUIRE(found);
  return *found;
}

std::string pixel_data(StoreScene& scene, const char* instance = "1.2.3.4.5") {
  const auto bytes = scene.stores.read(instance);
  const auto text = text_of(bytes);
  const auto at = text.find("\xe0\x7f\x10\0O"s);
  REQUIRE(at != std::string::npos);
  return text.substr(at);
}

}  // namespace

TEST_CASE("an instance is put together of JSON and its bulk data, whichever comes first") {
  const SentPart metadata{kJson, "[" + json_instance(kPixels) + "]", ""};
  const SentPart pixels{"application/octet-stream", "PIXELS", "pixels"};
  for (const auto& parts : {std::vector{metadata, pixels}, std::vector{pixels, metadata}}) {
    StoreScene scene;
    const auto response = scene.post_parts(kJson, parts);
    CHECK(response.code == 200);
    CHECK(Report(response).stored() == Strings{"1.2.3.4.5"});
    CHECK(stored(scene).transfer_syntax_uid == "1.2.840.10008.1.2.1");
    CHECK(pixel_data(scene) == "\xe0\x7f\x10\0OW\0\0\6\0\0\0PIXELS"s);
  }
}

TEST_CASE("many instances share a request, and each gets its own bulk data") {
  StoreScene scene;
  std::string all;
  std::vector<SentPart> parts{{kJson, "", ""}};
  for (int i = 1; i <= 50; ++i) {
    const auto number = std::to_string(i);
    all += (i == 1 ? "[" : ",") +
           json_instance(R"("7FE00010":{"vr":"OB","BulkDataURI":"p)" + number + "\"}", "1.2.3.4." + number);
    parts.push_back({"application/octet-stream", std::string(static_cast<std::size_t>(i), 'x'), "p" + number});
  }
  parts.front().content = all + "]";
  CHECK(scene.post_parts(kJson, parts).code == 200);
  CHECK(pixel_data(scene, "1.2.3.4.50").size() == 12 + 50);
  CHECK(pixel_data(scene, "1.2.3.4.7") == "\xe0\x7f\x10\0OB\0\0\x08\0\0\0xxxxxxx\0"s);
}

TEST_CASE("metadata without bulk data may be the whole body") {
  StoreScene scene;
  CHECK(scene.post(kJson, json_instance()).code == 200);
  CHECK(stored(scene).bulk.empty());
  CHECK(scene.post(kJson, "[]").code == 400);
}

TEST_CASE("an instance is put together of XML and its bulk data") {
  StoreScene scene;
  DataSetWriter data_set;
  data_set.add(kSopClassUid, "UI", "1.2.840.10008.5.1.4.1.1.7");
  data_set.add(kSopInstanceUid, "UI", "1.2.3.4.5");
  data_set.add(kStudyInstanceUid, "UI", "1.2.3");
  data_set.add(kSeriesInstanceUid, "UI", "1.2.3.4");
  const BulkValue bulk{kPixelData.value, {'O', 'W'}, 0, 0, 0};
  std::string xml;
  NativeXmlWriter writer(StoreScene::dictionary(), [&](std::string_view text) { xml += text; });
  writer.write(DataSetView(data_set.bytes()), std::span(&bulk, 1),
               [](std::string& to, const BulkValue&) { to += "http://elsewhere/pixels"; });
  writer.flush();
  CHECK(scene.post_parts(kXml, {{kXml, xml, ""}, {"application/octet-stream", "PIXELS", "http://elsewhere/pixels"}})
            .code == 200);
  CHECK(pixel_data(scene) == "\xe0\x7f\x10\0OW\0\0\6\0\0\0PIXELS"s);
}

TEST_CASE("compressed frames become fragments, in the transfer syntax they are in") {
  StoreScene scene;
  const auto jpeg = "\xff\xd8\xff\xe0\0\x04xx\xff\xc0\0\x0b\x08\0\x01\0\x01\x01\x01\x11\0"s;
  const auto response = scene.post_parts(
      kJson, {{kJson, json_instance(kPixels), ""}, {"image/jpeg", jpeg, "pixels"}, {"image/jpeg", "x", "pixels"}});
  CHECK(response.code == 200);
  CHECK(stored(scene).transfer_syntax_uid == "1.2.840.10008.1.2.4.50");
  CHECK(pixel_data(scene) == "\xe0\x7f\x10\0OB\0\0\xff\xff\xff\xff\xfe\xff\0\xe0\0\0\0\0\xfe\xff\0\xe0\x16\0\0\0"s +
                                 jpeg + "\0\xfe\xff\0\xe0\2\0\0\0x\0\xfe\xff\xdd\xe0\0\0\0\0"s);
}

TEST_CASE("the sender may name the transfer syntax") {
  const auto transfer_syntax = [](const std::string& type, const std::string& more = kPixels) {
    StoreScene scene;
    CHECK(scene.post_parts(kJson, {{kJson, json_instance(more), ""}, {type, "PIXELS", "pixels"}}).code == 200);
    return stored(scene).transfer_syntax_uid;
  };
  CHECK(transfer_syntax("application/octet-stream") == "1.2.840.10008.1.2.1");
  CHECK(transfer_syntax("application/octet-stream; transfer-syntax=1.2.840.10008.1.2") == "1.2.840.10008.1.2.1");
  CHECK(transfer_syntax("application/octet-stream; transfer-syntax=1.2.840.10008.1.2.5") == "1.2.840.10008.1.2.5");
  CHECK(transfer_syntax("image/jpeg; transfer-syntax=\"1.2.840.10008.1.2.4.51\"") == "1.2.840.10008.1.2.4.51");
  CHECK(transfer_syntax("image/dicom-rle") == "1.2.840.10008.1.2.5");
  CHECK(transfer_syntax("video/mp4") == "1.2.840.10008.1.2.4.102");
  CHECK(transfer_syntax("application/octet-stream",
                        kPixels + R"(,"00020010":{"vr":"UI","Value":["1.2.840.10008.1.2.4.90"]})") ==
        "1.2.840.10008.1.2.4.90");
}

TEST_CASE("icons and other values in sequences are bulk data as well, and never compressed") {
  StoreScene scene;
  const auto icon = R"("00880200":{"vr":"SQ","Value":[{"00280010":{"vr":"US","Value":[1]},)"
                    R"("7FE00010":{"vr":"OB","BulkDataURI":"icon"}}]},)"s;
  CHECK(scene
            .post_parts(kJson, {{kJson, json_instance(icon + kPixels), ""},
                                {"application/octet-stream", "ICON", "icon"},
                                {"image/dicom-rle", "RLE!", "pixels"}})
            .code == 200);
  CHECK(stored(scene).transfer_syntax_uid == "1.2.840.10008.1.2.5");
  const auto object = stored(scene);
  const auto sequence = DataSetView(object.header).find(Tag(0x0088, 0x0200));
  REQUIRE(sequence);
  for (const auto item : sequence->items()) CHECK(item.text(kPixelData) == "ICON");
}

TEST_CASE("without its bulk data an instance fails, the others are stored") {
  StoreScene scene;
  const auto response =
      scene.post_parts(kJson, {{kJson, "[" + json_instance(kPixels) + "," + json_instance("", "1.2.3.4.6") + "]", ""}});
  CHECK(response.code == 202);
  CHECK(Report(response).stored() == Strings{"1.2.3.4.6"});
  CHECK(Report(response).failed() == Strings{"1.2.3.4.5"});
  CHECK(Report(response).reasons() == Strings{"49152"});
  CHECK_FALSE(scene.stores.find("1.2.3.4.5"));
}

TEST_CASE("bulk data that can't be a value fails its instance") {
  StoreScene scene;
  const auto code = [&](const std::string& attribute, const SentPart& part) {
    const auto response = scene.post_parts(kJson, {{kJson, json_instance(attribute), ""}, part});
    CHECK(scene.stores.keys().empty());
    return response.code;
  };
  CHECK(code(R"("00081030":{"vr":"LO","BulkDataURI":"x"})", {"", std::string(70000, 'x'), "x"}) == 409);
  CHECK(code(kPixels, {"image/jpeg", "no jpeg", "pixels"}) == 409);
  CHECK(code(kPixels, {"text/html", "x", "pixels"}) == 409);
  CHECK(code(kPixels, {"image/jpeg", "\xff\xd8\xff\xc2\0\4xx"s, "pixels"}) == 409);  // progressive
}

TEST_CASE("nonsense stores nothing") {
  StoreScene scene;
  const auto good = json_instance("", "1.2.3.4.6");
  CHECK_THROWS_AS(scene.post_parts(kJson, {{kJson, "[" + good + ",{\"x\":1}]", ""}}), Error);
  CHECK_THROWS_AS(scene.post_parts(kJson, {{kJson, good, ""}, {kXml, "<", ""}}), Error);
  CHECK_THROWS_AS(scene.post("multipart/related; type=\"application/dicom+json\"; boundary=b-1",
                             "--b-1\r\nContent-Type: application/dicom+json\r\n\r\n" + good),
                  Error);
  CHECK(scene.stores.keys().empty());
  CHECK(scene.post_parts(kJson, {{"application/octet-stream", "x", "y"}}).code == 400);
}

TEST_CASE("what waits has a limit") {
  StoreScene scene({}, 10000);
  const auto response = scene.post_parts(
      kJson, {{kJson, json_instance(kPixels), ""}, {"application/octet-stream", std::string(20000, 'x'), "pixels"}});
  CHECK(response.code == 413);
  CHECK_THAT(response.body, Catch::Contains("temporary_space"));
  CHECK(scene.stores.keys().empty());
}

TEST_CASE("a description without end is refused before it fills the memory") {
  StoreScene scene;
  const auto response =
      scene.post(kJson, "[" + json_instance() + R"(,{"00081030":{"vr":"UT","Value":[")" + std::string(40 << 20, 'x'));
  CHECK(response.code == 413);
}

TEST_CASE("the metadata of all requests has one memory together, and small metadata is always taken") {
  MemoryBudget memory(8 << 20, "requests to store", "description_memory", Journal{});
  const auto json = MediaType::parse(kJson);
  const auto large = json_instance(R"("00081160":{"vr":"UT","Value":[")" + std::string(5 << 18, 'x') + "\"]}");
  const auto read = [&](const std::string& text, const std::function<void()>& meanwhile) {
    DescribedInstances described(StoreScene::dictionary(), memory, "/tmp", 4 << 20);
    std::size_t at = 0;
    described.add(json, {}, [&] {
      const auto piece = std::min<std::size_t>(text.size() - at, 1 << 16);
      if (piece != 0 && at + piece == text.size()) meanwhile();  // before its last piece
      return bytes_of(std::string_view(text).substr(std::exchange(at, at + piece), piece));
    });
  };
  const auto nothing = [] {};
  const auto refused = [&](const std::string& text) {
    try {
      read(text, nothing);
    } catch (const Problem& problem) {
      return problem.status() == 503;
    }
    return false;
  };
  read(large, [&] {
    CHECK(memory.taken() > 4 << 20);
    CHECK(refused(large));
    read(json_instance(), nothing);
  });
  CHECK(memory.taken() == 0);
  read(large, nothing);
  CHECK(refused(R"({"00081140":{"vr":"SQ","Value":[{})" + repeated(",{}", 50'000) + "]}}"));  // takes 8 MB
  CHECK(memory.taken() == 0);
}

TEST_CASE("many instances in one request are counted until its end") {
  MemoryBudget memory(8 << 20, "requests to store", "description_memory", Journal{});
  DescribedInstances described(StoreScene::dictionary(), memory, "/tmp", 4 << 20);
  const auto add = [&](const std::string& text) {
    bool read = false;
    described.add(MediaType::parse(kJson), {},
                  [&] { return bytes_of(std::exchange(read, true) ? std::string_view() : text); });
  };
  add("[{}" + repeated(",{}", 8'000) + "]");
  CHECK(memory.taken() >= 8'000 * 512);
  CHECK_THROWS_AS(add("[{}" + repeated(",{}", 10'000) + "]"), Problem);
}

TEST_CASE("a client whose metadata is too much for the memory is told to try again") {
  StoreScene scene;
  const auto response = scene.post(kJson, R"({"00081140":{"vr":"SQ","Value":[{})" + repeated(",{}", 1'000'000) + "]}}");
  CHECK(response.code == 503);
  CHECK(response.headers.contains("retry-after"));
  CHECK_THAT(response.body, Catch::Contains("send it again later"));
}

TEST_CASE("bit streams say what they are") {
  const auto of = [](std::string_view type, const std::string& bytes) {
    return transfer_syntax_of_bit_stream(type, std::as_bytes(std::span(bytes)));
  };
  const auto begin = "\xff\xd8\xff\xfe\0\4ab"s;
  CHECK(of("image/jpeg", begin + "\xff\xc1\0\4xx"s) == "1.2.840.10008.1.2.4.51");
  CHECK(of("image/jpeg", begin + "\xff\xc3\0\4xx\xff\xda\0\x08\1\1\0\1\0\0"s) == "1.2.840.10008.1.2.4.70");
  CHECK(of("image/jpeg", begin + "\xff\xc3\0\4xx\xff\xda\0\x08\1\1\0\6\0\0"s) == "1.2.840.10008.1.2.4.57");
  CHECK(of("image/jls", begin + "\xff\xf7\0\4xx\xff\xda\0\x08\1\1\0\0\0\0"s) == "1.2.840.10008.1.2.4.80");
  CHECK(of("image/jls", begin + "\xff\xf7\0\4xx\xff\xda\0\x08\1\1\0\2\0\0"s) == "1.2.840.10008.1.2.4.81");
  const auto style = [](char transformation) {
    return "\xff\x4f\xff\x51\0\4xx\xff\x52\0\x0c\0\0\0\1\1\5\3\3\0"s + transformation;
  };
  CHECK(of("image/jp2", style(1)) == "1.2.840.10008.1.2.4.90");
  CHECK(of("image/jp2", style(0)) == "1.2.840.10008.1.2.4.91");
  CHECK(of("image/jphc", style(1)) == "1.2.840.10008.1.2.4.201");
  CHECK(of("image/png", "x").empty());
  for (std::size_t length = 0; length < style(1).size(); ++length)
    CHECK(of("image/jp2", style(1).substr(0, length)).empty());
}

TEST_CASE("a spool gives back what it was given, and its file has no name") {
  SpoolFile spool("/tmp", 1 << 20);
  const std::string text(600'000, 'a');
  spool.append(bytes_of("head"));
  const auto begin = spool.size();
  spool.append(bytes_of(text));
  CHECK(text_of(spool.read({0, 4})) == "head");
  std::string read;
  spool.read(spool.since(begin), [&](std::span<const std::byte> bytes) { read += text_of(bytes); });
  CHECK(read == text);
  CHECK_THROWS_AS(spool.append(bytes_of(text)), Problem);
  SpoolFile nowhere("/nonexistent", 10);
  CHECK_THROWS_WITH(nowhere.append(bytes_of("x")), Catch::Contains("temporary_folder"));
}
