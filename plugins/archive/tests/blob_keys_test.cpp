#include <catch2/catch.hpp>

#include <optional>

#include "blob_keys.hpp"

using namespace fermata::archive;
using namespace std::chrono_literals;

namespace {

/// 2024-05-31 14:22:33.456 UTC
constexpr std::chrono::system_clock::time_point kNoon{1717165353456ms};

struct Keys {
  std::chrono::system_clock::time_point now = kNoon;
  BlobKeys keys{[this] { return now; }};
};

}  // namespace

TEST_CASE("a key has the date and time of its bucket, and its number in it") {
  Keys k;
  CHECK(k.keys.next().key() == "2024/05/31/142233456/0000.dcm");
  k.now += 10s;
  CHECK(k.keys.next().key() == "2024/05/31/142233456/0001.dcm");
  CHECK(BlobKeys::time_us("2024/05/31/142233456/0001.dcm") == 1717165353456000);
  CHECK(BlobKeys::time_us("other/file") == 0);
}

TEST_CASE("a bucket is closed when it is full, old, or of another day") {
  Keys k;
  for (int i = 0; i < 1000; ++i) k.keys.next();
  CHECK(k.keys.next().key() == "2024/05/31/142233457/0000.dcm");
  k.now += 1h + 1s;
  CHECK(k.keys.next().key() == "2024/05/31/152234456/0000.dcm");
  k.now = kNoon + 10h;
  CHECK(k.keys.next().key() == "2024/06/01/002233456/0000.dcm");
}

TEST_CASE("keys ascend when the clock goes back, and above the floor") {
  Keys k;
  const auto first = k.keys.next().key();
  k.now -= 24h;
  CHECK(first < k.keys.next().key());
  k.keys.raise_floor("2030/01/01/000000000/0007.dcm");
  CHECK(k.keys.next().key() == "2030/01/01/000000001/0000.dcm");
}

TEST_CASE("settled is the last key below all that are in flight") {
  Keys k;
  CHECK(k.keys.settled().empty());
  const auto a = k.keys.next().key();
  std::optional<BlobKeys::Lease> b(k.keys.next());
  const auto c = k.keys.next().key();
  CHECK(k.keys.settled() == a);
  b.reset();
  CHECK(k.keys.settled() == c);
  std::optional<BlobKeys::Lease> d(k.keys.next());
  d->leave_in_doubt();
  d.reset();
  k.keys.next();
  CHECK(k.keys.settled() == c);
}
