// Byte ranges, conditions, dates, compression, problems, identifiers.
#include <zlib.h>

#include <catch2/catch.hpp>

#include "byte_range.hpp"
#include "condition.hpp"
#include "gzip.hpp"
#include "http_date.hpp"
#include "problem.hpp"
#include "request_id.hpp"

using namespace fermata;
using namespace fermata::http;

namespace {

std::string range(std::string_view field, uint64_t length) {
  const auto r = parse_range(field, length);
  if (r.kind == RangeRequest::Kind::unsatisfiable) return "unsatisfiable";
  if (r.kind == RangeRequest::Kind::whole) return "whole";
  return std::to_string(r.part.first) + ".." + std::to_string(r.part.end);
}

Fields fields(std::initializer_list<std::pair<const char*, const char*>> list) {
  Fields out;
  for (const auto& [name, value] : list) out.add(name, value);
  return out;
}

Bytes bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

std::string gunzip(const std::vector<std::byte>& packed) {
  z_stream stream{};
  REQUIRE(inflateInit2(&stream, MAX_WBITS + 16) == Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  std::string out(10'000'000, '\0');
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  inflate(&stream, Z_SYNC_FLUSH);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

}  // namespace

TEST_CASE("a byte range has a first and a last byte, or one of them") {
  CHECK(range("bytes=0-0", 10) == "0..1");
  CHECK(range("bytes=2-5", 10) == "2..6");
  CHECK(range("Bytes= 2-5", 10) == "2..6");
  CHECK(range("bytes=2-", 10) == "2..10");
  CHECK(range("bytes=2-99999999999", 10) == "2..10");
  CHECK(range("bytes=-3", 10) == "7..10");
  CHECK(range("bytes=-30", 10) == "0..10");
}

TEST_CASE("a byte range beyond the end is unsatisfiable") {
  CHECK(range("bytes=10-", 10) == "unsatisfiable");
  CHECK(range("bytes=10-20", 10) == "unsatisfiable");
  CHECK(range("bytes=-0", 10) == "unsatisfiable");
  CHECK(range("bytes=0-", 0) == "unsatisfiable");
  CHECK(range("bytes=-1", 0) == "unsatisfiable");
}

TEST_CASE("what is no single byte range asks for the whole") {
  for (const auto* field : {"", "bytes", "bytes=", "bytes=-", "bytes=5-2", "bytes=a-b", "bytes=1-2,4-5", "lines=1-2",
                            "bytes=1", "bytes=+1-2", "bytes=99999999999999999999-"})
    CHECK(range(field, 10) == "whole");
}

TEST_CASE("a client has what one of its entity tags names") {
  CHECK(client_has_it(fields({{"If-None-Match", "\"a\", \"b,c\""}}), "\"b,c\"", ""));
  CHECK(client_has_it(fields({{"If-None-Match", "W/\"a\""}}), "\"a\"", ""));
  CHECK(client_has_it(fields({{"If-None-Match", "\"a\""}}), "W/\"a\"", ""));
  CHECK(client_has_it(fields({{"If-None-Match", "*"}}), "\"a\"", ""));
  CHECK_FALSE(client_has_it(fields({{"If-None-Match", "\"b\""}}), "\"a\"", ""));
  CHECK_FALSE(client_has_it(fields({{"If-None-Match", "\"a\""}}), "", ""));
  CHECK_FALSE(client_has_it(fields({}), "\"a\"", ""));
}

TEST_CASE("a client has what was not modified since, unless its entity tags say otherwise") {
  const auto* then = "Sun, 06 Nov 1994 08:49:37 GMT";
  const auto* later = "Sun, 06 Nov 1994 08:49:38 GMT";
  CHECK(client_has_it(fields({{"If-Modified-Since", then}}), "", then));
  CHECK(client_has_it(fields({{"If-Modified-Since", later}}), "", then));
  CHECK_FALSE(client_has_it(fields({{"If-Modified-Since", then}}), "", later));
  CHECK_FALSE(client_has_it(fields({{"If-Modified-Since", "yesterday"}}), "", then));
  CHECK_FALSE(client_has_it(fields({{"If-Modified-Since", later}, {"If-None-Match", "\"x\""}}), "\"a\"", then));
}

TEST_CASE("a client wants another version where none of its entity tags is the one there is, or it was modified") {
  CHECK_FALSE(wants_another(fields({}), "\"a\"", ""));
  CHECK_FALSE(wants_another(fields({{"If-Match", "\"b\", \"a\""}}), "\"a\"", ""));
  CHECK_FALSE(wants_another(fields({{"If-Match", "*"}}), "", ""));
  CHECK(wants_another(fields({{"If-Match", "\"b\""}}), "\"a\"", ""));
  CHECK(wants_another(fields({{"If-Match", "W/\"a\""}}), "W/\"a\"", ""));
  CHECK(wants_another(fields({{"If-Match", "\"a\""}}), "", ""));
  const auto* then = "Sun, 06 Nov 1994 08:49:37 GMT";
  const auto* later = "Sun, 06 Nov 1994 08:49:38 GMT";
  CHECK(wants_another(fields({{"If-Unmodified-Since", then}}), "", later));
  CHECK_FALSE(wants_another(fields({{"If-Unmodified-Since", later}}), "", then));
  CHECK_FALSE(wants_another(fields({{"If-Unmodified-Since", then}}), "", ""));
}

TEST_CASE("a range holds if what it is a part of has stayed the same") {
  const auto* then = "Sun, 06 Nov 1994 08:49:37 GMT";
  CHECK(range_holds(fields({}), "\"a\"", ""));
  CHECK(range_holds(fields({{"If-Range", "\"a\""}}), "\"a\"", ""));
  CHECK_FALSE(range_holds(fields({{"If-Range", "\"a\""}}), "\"b\"", ""));
  CHECK_FALSE(range_holds(fields({{"If-Range", "W/\"a\""}}), "W/\"a\"", ""));
  CHECK(range_holds(fields({{"If-Range", then}}), "", then));
  CHECK_FALSE(range_holds(fields({{"If-Range", then}}), "", ""));
}

TEST_CASE("dates are written in one format and read in three") {
  CHECK(http_date(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT") == 784111777);
  CHECK(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT") == 784111777);
  CHECK(parse_http_date("Sun Nov  6 08:49:37 1994") == 784111777);
  CHECK_FALSE(parse_http_date("Sun, 06 Nov 1994 08:49:37 CET"));
  CHECK_FALSE(parse_http_date(""));
}

TEST_CASE("text and JSON are worth compressing, images and objects are not") {
  for (const auto* type : {"application/dicom+json", "application/json; charset=utf-8", "text/html", "TEXT/CSS",
                           "image/svg+xml", "application/javascript", "application/wasm", "application/problem+json"})
    CHECK(is_compressible(type));
  for (const auto* type : {"application/dicom", "multipart/related; type=\"application/dicom+json\"", "image/png", "",
                           "application/octet-stream", "video/mpeg", "application/zip"})
    CHECK_FALSE(is_compressible(type));
}

TEST_CASE("what was compressed comes out again, also what was only flushed") {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += std::to_string(i * 7919) + ",";
  Gzip gzip;
  std::vector<std::byte> packed;
  gzip.add(bytes(std::string_view(text).substr(0, 1000)), packed);
  gzip.flush(packed);
  CHECK(gunzip(packed) == text.substr(0, 1000));
  gzip.add(bytes(std::string_view(text).substr(1000)), packed);
  gzip.finish(packed);
  CHECK(packed.size() < text.size());
  CHECK(gunzip(packed) == text);
}

TEST_CASE("an Error becomes the status that HttpHandler promises") {
  const std::pair<Code, unsigned> expected[] = {
      {Code::invalid, 400},  {Code::refused, 403},     {Code::not_found, 404},    {Code::conflict, 409},
      {Code::internal, 500}, {Code::unsupported, 501}, {Code::unavailable, 503},  {Code::no_space, 507},
      {Code::io, 500},       {Code::corrupt, 500},     {Code::out_of_memory, 503}};
  for (const auto& [code, status] : expected) CHECK(problem_of(Error(code, "x")).status() == status);
}

TEST_CASE("a problem's body tells what the client can act on, and no defects") {
  CHECK(problem_body(problem_of(Error(Code::not_found, "no study 1.2")), "id-1") ==
        "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,\"detail\":\"no study 1.2\","
        "\"instance\":\"id-1\"}\n");
  CHECK(problem_body(problem_of(Error(Code::io, "/var/secret is gone")), "id").find("secret") == std::string::npos);
  CHECK(problem_of(Error(Code::unavailable, "later")).fields().get("Retry-After") == "5");
}

TEST_CASE("a client's request id is taken if it is harmless") {
  CHECK(request_id("abc-123_X.y:z/+=") == "abc-123_X.y:z/+=");
  for (const auto& given : {std::string(), std::string("a b"), std::string("a\"b"), std::string(65, 'a'),
                            std::string("ä"), std::string("a\nb")}) {
    const auto made = request_id(given);
    CHECK(made != given);
    CHECK(made != request_id(given));
  }
}
