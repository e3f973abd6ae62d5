#include "fermata/content_coding.hpp"

#include <catch2/catch.hpp>

using fermata::accepts_gzip;

TEST_CASE("gzip is used for those who accept it") {
  for (const auto* accept :
       {"gzip", "deflate, GZIP", "gzip;q=0.5", "*", "br;q=1, gzip; q=0.001", "x-gzip", " , gzip ;Q=1.0"}) {
    INFO(accept);
    CHECK(accepts_gzip(accept));
  }
  for (const auto* accept : {"", "br", "gzip;q=0", "gzip; q=0.000, *", "*;q=0", "gzippy", "identity"}) {
    INFO(accept);
    CHECK_FALSE(accepts_gzip(accept));
  }
}
