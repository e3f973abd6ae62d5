#include <catch2/catch.hpp>

#include "retrieve/bulk_reader.hpp"
#include "scene.hpp"

using namespace fermata;
using namespace fermata::dicomweb;
using namespace fermata::dicomweb::testing;
using namespace std::string_view_literals;

TEST_CASE("A value is read from the object as it is stored") {
  Scene scene;
  Image image;
  image.pixels = std::string(1 << 20, 'p');
  scene.store(image);
  const auto answer = scene.instance("/bulkdata/7FE00010");
  CHECK(answer.headers.at("content-type") == "application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1");
  CHECK(answer.headers.at("content-length") == std::to_string(1 << 20));
  CHECK(answer.headers.at("accept-ranges") == "bytes");
  CHECK((answer.body == image.pixels));
  CHECK(answer.largest_write <= instance_files::BodyWriter::kBuffer);
  const auto parts =
      parts_of(scene.instance("/bulkdata/7fe00010", R"(multipart/related; type="application/octet-stream")"));
  CHECK((parts.at(0).body == image.pixels));
}

TEST_CASE("A small value is read from the header") {
  Scene scene;
  scene.store(Image{});
  CHECK(scene.instance("/bulkdata/00280010", "application/octet-stream").body == "\x14\x00"sv);
}

TEST_CASE("A document comes by its own media type and without padding") {
  Scene scene;
  Image image;
  image.pixels.clear();
  image.document = "%PDF-1.4 odd";
  image.document += std::string(100'001 - image.document.size(), 'x');
  image.document_type = "application/pdf";
  scene.store(image);
  for (const auto* url : {"/bulkdata/00420011", "/bulkdata/00420011?accept=application/pdf", "/rendered"}) {
    const auto answer = scene.instance(url);
    CHECK(answer.headers.at("content-type") == "application/pdf");
    CHECK((answer.body == image.document));
  }
  CHECK(scene.instance("/bulkdata/00420011", "application/octet-stream").body.size() == image.document.size());
  CHECK(scene.instance("/rendered", "image/jpeg").code == 406);
}

TEST_CASE("A value in a deflated object is found in the object that the transcoder makes") {
  Scene scene;
  Image image;
  image.pixels = std::string(100'000, 'p');
  scene.store(image);
  scene.transcoder.ways = {{"1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1"}};
  scene.transcoder.transcoded = image.encode();
  // The index says it is big endian: the stored bytes of words would be the wrong way round.
  std::string_view uid = "1.2.3.4.5";
  Selection selection;
  selection.sop_instance_uids = {&uid, 1};
  selection.with_headers = true;
  const auto cursor = scene.stores.index.instances(selection);
  InstanceRecord record;
  REQUIRE(cursor->next(record));
  record.transfer_syntax_uid = "1.2.840.10008.1.2.2";
  const auto transaction = scene.stores.index.begin("1.2.3");
  transaction->upsert(record);
  transaction->commit();
  CHECK((scene.instance("/bulkdata/7FE00010").body == image.pixels));

  Scene without(false);
  without.store(image);
  const auto again = without.stores.index.begin("1.2.3");
  again->upsert(record);
  again->commit();
  CHECK(without.instance("/bulkdata/7FE00010").code == 501);
}

TEST_CASE("Compressed pixel data comes as its frames") {
  Scene scene;
  scene.store(Image{}.encode_fragments({"one", "two"}), "1.2.840.10008.1.2.4.80");
  const auto parts = parts_of(scene.instance("/bulkdata/7FE00010", "multipart/related; type=\"image/jls\""));
  REQUIRE(parts.size() == 3);
  CHECK(parts[2].body == "frame 3 as 1.2.840.10008.1.2.4.80");
}

TEST_CASE("Video comes as the one bit stream that its fragments are") {
  Scene scene;
  scene.store(Image{}.encode_fragments({"some ", "video "}), "1.2.840.10008.1.2.4.102");
  for (const auto* url : {"/bulkdata/7FE00010", "/bulkdata/7FE00010?accept=video/mp4"}) {
    const auto answer = scene.instance(url);
    CHECK(answer.headers.at("content-type") == "video/mp4");
    CHECK(answer.headers.at("content-length") == "11");
    CHECK(answer.body == "some video ");
  }
  CHECK(scene.instance("/bulkdata/7FE00010", "image/jpeg").code == 406);
}

TEST_CASE("A value that is not there is not found, and a tag that is none is invalid") {
  Scene scene;
  scene.store(Image{});
  CHECK(scene.instance("/bulkdata/00420011").code == 404);
  CHECK_THROWS_AS(scene.instance("/bulkdata/PixelData"), Error);
}

TEST_CASE("A value is found behind sequences of every form") {
  const auto data = bytes_of(
      "\x08\x00\x10\x00SQ\0\0\xff\xff\xff\xff"  // undefined length
      "\xfe\xff\x00\xe0\xff\xff\xff\xff"        // with an item of undefined length
      "\x08\x00\x20\x00SQ\0\0\x08\0\0\0"        // and a sequence of defined length in it
      "\xfe\xff\x00\xe0\0\0\0\0"
      "\xfe\xff\x0d\xe0\0\0\0\0"
      "\xfe\xff\x00\xe0\x08\0\0\0\x08\x00\x30\x00US\0\0"  // and one of defined length
      "\xfe\xff\xdd\xe0\0\0\0\0"
      "\x10\x00\x10\x00OB\0\0\x04\0\0\0here"sv);
  BytesObject object(data);
  const auto place = find_value(object, Tag(0x0010, 0x0010));
  REQUIRE(place);
  CHECK(place->length == 4);
  CHECK(place->offset == data.size() - 4);
  CHECK_FALSE(find_value(object, Tag(0x0009, 0x0010)));
  CHECK_FALSE(find_value(object, Tag(0x0011, 0x0010)));
}

TEST_CASE("A damaged object is corrupt and nothing worse") {
  for (const auto text : {"\x08\x00\x10\x00SQ\0\0\xff\xff\xff\xff"sv, "\x08\x00\x10"sv,
                          "\x08\x00\x10\x00SQ\0\0\xff\xff\xff\xff\x08\x00\x10\x00\0\0\0\0"sv}) {
    BytesObject object(bytes_of(text));
    CHECK_THROWS_AS(find_value(object, Tag(0x0010, 0x0010)), Error);
  }
}
