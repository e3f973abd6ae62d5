#include "store/multipart_reader.hpp"

#include <catch2/catch.hpp>
#include <cstring>
#include <random>

#include "fermata/error.hpp"
#include "media_type.hpp"

using namespace fermata;
using namespace fermata::dicomweb;
using namespace std::string_literals;

namespace {

struct Part {
  std::string type, location, content;
  bool operator==(const Part&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Part& part) {
  return out << part.type << ' ' << part.location << ' ' << part.content.size();
}

MultipartReader::Source pieces_of(const std::string& body, std::size_t piece) {
  return [&body, piece, at = std::size_t{0}](std::span<std::byte> into) mutable -> uint64_t {
    const auto count = std::min({piece, into.size(), body.size() - at});
    std::memcpy(into.data(), body.data() + at, count);
    at += count;
    return count;
  };
}

std::vector<Part> parts_of(const std::string& body, std::size_t piece = SIZE_MAX, std::string_view boundary = "b") {
  MultipartReader reader(boundary, pieces_of(body, piece));
  std::vector<Part> parts;
  while (reader.next()) {
    Part part{std::string(reader.header("content-type")), std::string(reader.header("content-location")), {}};
    for (auto bytes = reader.read(); !bytes.empty(); bytes = reader.read())
      part.content.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    parts.push_back(std::move(part));
  }
  return parts;
}

std::string failure(const std::string& body, std::string_view boundary = "b") {
  std::string first;
  for (const std::size_t piece : {std::size_t{1}, SIZE_MAX}) {
    std::string what = "no failure";
    try {
      parts_of(body, piece, boundary);
    } catch (const Error& error) {
      CHECK(error.code() == Code::invalid);
      what = error.what();
    }
    if (piece == 1) first = what;
    CHECK(what == first);
  }
  return first;
}

}  // namespace

TEST_CASE("parts are found whatever the sizes of reads are") {
  const auto body =
      "preamble\r\n--other\r\n--b \t\r\nContent-Type: application/dicom\r\nX:1\r\n\r\none\r\n--b\r\n\r\n\r\n--b\r\n"
      "CONTENT-type:  text/plain;\r\n  charset=x \r\nContent-Location:c:d\r\n\r\n--b\r\n\r\n--bb\r\n\r--b--\r\n\r\r\n"
      "--b--epilogue\r\n--b\r\n"s;
  const std::vector<Part> expected{{"application/dicom", "", "one"},
                                   {"", "", ""},
                                   {"text/plain; charset=x", "c:d", "--b\r\n\r\n--bb\r\n\r--b--\r\n\r"}};
  for (std::size_t piece = 1; piece <= body.size(); ++piece) CHECK(parts_of(body, piece) == expected);
}

TEST_CASE("a body may begin with its boundary, end right after the last, and have no parts") {
  CHECK(parts_of("--b\r\n\r\nx\r\n--b--") == std::vector<Part>{{"", "", "x"}});
  CHECK(parts_of("--b--").empty());
  CHECK(parts_of("\r\n--b--").empty());
}

TEST_CASE("large binary parts with line ends and hyphens everywhere come out as they went in") {
  std::mt19937 random(1);
  std::string content(1'000'000, '\0');
  for (auto& c : content) c = "\r\n-b\0x"[random() % 6];
  const auto boundary = "MY_boundary-1'()+_,./:=?"s;
  const auto body = "--" + boundary + "\r\nContent-Type: a/b\r\n\r\n" + content + "\r\n--" + boundary + "\r\n\r\n" +
                    content + "\r\n--" + boundary + "--\r\n";
  for (const std::size_t piece : {1000u, 65536u, 262143u, 262144u, 10'000'000u})
    CHECK(parts_of(body, piece, boundary) == std::vector<Part>{{"a/b", "", content}, {"", "", content}});
}

TEST_CASE("what is left of a part is passed by") {
  const auto body = "--b\r\n\r\n" + std::string(600'000, 'x') + "\r\n--b\r\n\r\ny\r\n--b--";
  MultipartReader reader("b", pieces_of(body, 100));
  REQUIRE(reader.next());
  CHECK_FALSE(reader.read().empty());
  REQUIRE(reader.next());
  const auto bytes = reader.read();
  CHECK(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()) == "y");
  CHECK(reader.read().empty());
  CHECK(reader.read().empty());
  CHECK_FALSE(reader.next());
  CHECK_FALSE(reader.next());
}

TEST_CASE("a body that ends too early is refused") {
  const auto body = "--b\r\nContent-Type: application/dicom\r\n\r\none\r\n--b--"s;
  for (std::size_t length = 0; length < body.size(); ++length) {
    CHECK_THAT(failure(body.substr(0, length)), Catch::Contains("multipart body is wrong"));
  }
  CHECK_THAT(failure(std::string(1'000'000, 'x')), Catch::Contains("closing"));
}

TEST_CASE("headers have limits") {
  CHECK_THAT(failure("--b\r\nX: " + std::string(9000, 'x') + "\r\n\r\n\r\n--b--"), Catch::Contains("too long"));
  CHECK_THAT(failure("--b\r\n" + std::string(9'000'000, 'x')), Catch::Contains("too long"));
  std::string many = "--b\r\n";
  for (int i = 0; i < 100; ++i) many += "X: y\r\n";
  CHECK_THAT(failure(many + "\r\n\r\n--b--"), Catch::Contains("too many"));
  CHECK_THAT(failure("--b\r\n x\r\n\r\n\r\n--b--"), Catch::Contains("half a header"));
  CHECK_THAT(failure("--b\r\nnonsense\r\n\r\n\r\n--b--"), Catch::Contains("without a name"));
}

TEST_CASE("the number of parts has a limit") {
  std::string body;
  for (int i = 0; i < 100'001; ++i) body += "\r\n--b\r\n\r\n";
  MultipartReader reader("b", pieces_of(body, SIZE_MAX));
  for (int i = 0; i < 100'000; ++i) REQUIRE(reader.next());
  CHECK_THROWS_WITH(reader.next(), Catch::Contains("parts"));
}

TEST_CASE("a boundary that can't be is refused") {
  for (const auto& boundary : {""s, "a\r\nb"s, "x "s, std::string(300, 'x'), "\x80"s})
    CHECK_THAT(failure("", boundary), Catch::Contains("boundary"));
}

TEST_CASE("media types are parsed with and without quotes") {
  const auto type = MediaType::parse("Multipart/Related; type=\"application/dicom\" ;Boundary=\"a;\\\"b\"; x; y = z");
  CHECK(type.name == "multipart/related");
  CHECK(type.parameter("type") == "application/dicom");
  CHECK(type.parameter("boundary") == "a;\"b");
  CHECK(type.parameter("y") == "z");
  CHECK(type.parameter("x").empty());
  CHECK(MediaType::parse("multipart/related;type=application/dicom+json;boundary==_1").parameter("boundary") == "=_1");
  CHECK(MediaType::parse("").name.empty());
  CHECK(MediaType::parse(";;").name.empty());
  CHECK(MediaType::parse("a/b; c=\"d").parameter("c") == "\"d");
}
