#include "fermata/dicom/uid.hpp"

#include <catch2/catch.hpp>

using namespace fermata::dicom;

TEST_CASE("a UUID becomes a UID under 2.25") {
  CHECK(uid_of({}) == "2.25.0");
  // PS3.5 B.2: f81d4fae-7dec-11d0-a765-00a0c91e6bf6
  CHECK(uid_of({0xf8, 0x1d, 0x4f, 0xae, 0x7d, 0xec, 0x11, 0xd0, 0xa7, 0x65, 0x00, 0xa0, 0xc9, 0x1e, 0x6b, 0xf6}) ==
        "2.25.329800735698586629295641978511506172918");
  std::array<uint8_t, 16> all;
  all.fill(0xff);
  CHECK(uid_of(all) == "2.25.340282366920938463463374607431768211455");
}

TEST_CASE("new UIDs are UIDs, and differ") {
  CHECK(new_uid() != new_uid());
  CHECK(is_uid(new_uid()));
}

TEST_CASE("what is no UID is told apart") {
  CHECK(is_uid("1.2.840.10008.1.1"));
  for (const auto* text : {"", ".1", "1.", "1..2", "1.2a", "1 2"}) CHECK_FALSE(is_uid(text));
  CHECK_FALSE(is_uid("1." + std::string(63, '2')));
}
