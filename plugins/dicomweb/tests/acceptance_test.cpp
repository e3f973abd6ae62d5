#include "acceptance.hpp"

#include <catch2/catch.hpp>

#include "fermata/testing/http_exchange.hpp"

using namespace fermata;
using namespace fermata::dicomweb;
using Packaging = MediaRange::Packaging;

TEST_CASE("Everything is accepted where nothing is said") {
  for (const auto* accept : {"", "  ", "*/*"}) {
    const auto ranges = parse_accept(accept);
    REQUIRE(ranges.size() == 1);
    CHECK(ranges[0].type == "*/*");
    CHECK(ranges[0].allows_single());
    CHECK(ranges[0].allows_multipart());
    CHECK(ranges[0].transfer_syntax.empty());
  }
}

TEST_CASE("A multipart range says what its parts are") {
  for (const auto* accept :
       {R"(multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.4.80)",
        "multipart/related;type=application/dicom;transfer-syntax=\"1.2.840.10008.1.2.4.80\"",
        R"(Multipart/Related; TYPE="Application/DICOM; transfer-syntax=1.2.840.10008.1.2.4.80")"}) {
    const auto ranges = parse_accept(accept);
    REQUIRE(ranges.size() == 1);
    CHECK(ranges[0].packaging == Packaging::multipart);
    CHECK(ranges[0].type == "application/dicom");
    CHECK(ranges[0].transfer_syntax == "1.2.840.10008.1.2.4.80");
  }
}

TEST_CASE("A multipart range without a type takes parts of any") {
  const auto ranges = parse_accept("multipart/related");
  REQUIRE(ranges.size() == 1);
  CHECK(ranges[0].packaging == Packaging::multipart);
  CHECK(ranges[0].includes("image/jls"));
}

TEST_CASE("Ranges are in the order of their quality, then in the client's") {
  const auto ranges = parse_accept("image/png;q=0.5, image/jpeg, image/gif;q=0, image/jls; q=1.0, text/html;q=0.9");
  REQUIRE(ranges.size() == 4);
  CHECK(ranges[0].type == "image/jpeg");
  CHECK(ranges[1].type == "image/jls");
  CHECK(ranges[2].type == "text/html");
  CHECK(ranges[3].type == "image/png");
}

TEST_CASE("Commas between quotes belong to a parameter, and what is no media type is left out") {
  const auto ranges =
      parse_accept(R"(image/png; title="a, b; c", nonsense, /, a/b/c, multipart/form-data, image/jpeg)");
  REQUIRE(ranges.size() == 2);
  CHECK(ranges[0].type == "image/png");
  CHECK(ranges[1].type == "image/jpeg");
}

TEST_CASE("Wildcards include what they stand for") {
  CHECK(MediaRange{.type = "image/*"}.includes("image/png"));
  CHECK_FALSE(MediaRange{.type = "image/*"}.includes("video/mp4"));
  CHECK_FALSE(MediaRange{.type = "image/png"}.includes("image/jpeg"));
}

TEST_CASE("A more specific range has the say over its type") {
  const auto without = parse_accept("image/*, image/jpeg;q=0");
  REQUIRE(without.size() == 1);
  CHECK_FALSE(without[0].includes("image/jpeg"));
  CHECK(without[0].includes("image/png"));
  const auto less = parse_accept("*/*, image/*;q=0.5, image/png;q=0.8");
  REQUIRE(less.size() == 3);
  CHECK(less[0].includes("application/dicom"));
  CHECK_FALSE(less[0].includes("image/jpeg"));
  CHECK(less[1].type == "image/png");
  CHECK(less[2].includes("image/jpeg"));
  CHECK(parse_accept("image/*;q=0.2, image/jpeg")[1].includes("image/jpeg"));
  CHECK(parse_accept("image/*, multipart/related; type=\"image/jpeg\"; q=0")[0].includes("image/jpeg"));
}

TEST_CASE("Of very many ranges, only the first are looked at") {
  std::string accept = "image/png";
  for (int i = 0; i < 5000; ++i) accept += ", a/*, a/" + std::to_string(i) + ";q=0";
  const auto ranges = parse_accept(accept);
  CHECK(ranges.front().type == "image/png");
  CHECK(ranges.size() <= 100);
}

TEST_CASE("A plus that was not encoded in a query is one all the same") {
  testing::GivenRequest request;
  const auto ranges = accepted_media(
      request, QueryParameters("accept=multipart/related;type=\"application/dicom+xml\",application/dicom+json"));
  REQUIRE(ranges.size() == 2);
  CHECK(ranges[0].type == "application/dicom+xml");
  CHECK(ranges[1].type == "application/dicom+json");
}

TEST_CASE("The query parameter goes before the header") {
  testing::GivenRequest request;
  request.headers["accept"] = "text/html";
  const auto ranges = accepted_media(request, QueryParameters("accept=application/pdf"));
  REQUIRE(ranges.size() == 1);
  CHECK(ranges[0].type == "application/pdf");
}

namespace {

struct Choice {
  std::string type;
  bool as_stored = false;
};

std::string best(const std::string& accept, const std::string& stored) {
  const auto ranges = parse_accept(accept);
  const auto choice =
      best_of(std::span<const MediaRange>(ranges), [&](const MediaRange& range) -> std::optional<Choice> {
        if (range.type.starts_with("x/")) return {};
        return Choice{range.type, range.type == stored};
      });
  return choice ? choice->type : "nothing";
}

}  // namespace

TEST_CASE("The best range that can be given wins; of equals the one that costs nothing") {
  CHECK(best("a/a, b/b", "") == "a/a");
  CHECK(best("a/a, b/b", "b/b") == "b/b");
  CHECK(best("a/a, b/b;q=0.9", "b/b") == "a/a");
  CHECK(best("x/a, b/b;q=0.9, c/c;q=0.9", "c/c") == "c/c");
  CHECK(best("x/a, x/b", "") == "nothing");
}
