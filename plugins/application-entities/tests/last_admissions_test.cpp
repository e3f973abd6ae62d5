#include "last_admissions.hpp"

#include <catch2/catch.hpp>

namespace fermata::application_entities {

TEST_CASE("the last admission of each node is known until it is forgotten") {
  LastAdmissions admissions;
  CHECK(admissions.of("CT1") == 0);
  admissions.note("CT1", 10);
  admissions.note("CT1", 20);
  admissions.note("CT2", 15);
  CHECK(admissions.of("CT1") == 20);
  admissions.forget("CT1");
  CHECK(admissions.of("CT1") == 0);
  CHECK(admissions.of("CT2") == 15);
}

}  // namespace fermata::application_entities
