#include "login_throttle.hpp"

#include <catch2/catch.hpp>

#include "fermata/testing/threads_and_errors.hpp"

using namespace fermata;
using namespace fermata::accounts;
using fermata::testing::code_of;
using fermata::testing::kNoError;

namespace {

struct Scene {
  int64_t now = 1'000'000;
  LoginThrottle throttle{[this] { return now; }};

  /// Seconds to wait; 0: it was let through.
  int64_t attempt(const std::string& account, const std::string& address) {
    try {
      throttle.attempt(account, address);
      return 0;
    } catch (const TooManyLogins& error) {
      return error.seconds();
    }
  }
  /// Until somebody has to wait; how many were let through.
  int fail(const std::string& account, const std::string& address) {
    int count = 0;
    while (attempt(account, address) == 0) ++count;
    return count;
  }
};

}  // namespace

TEST_CASE("after a few failures each further one doubles the delay") {
  Scene scene;
  CHECK(scene.fail("jane", "192.0.2.1") == 5);
  for (const int64_t delay : {1, 2, 4, 8}) {
    CHECK(scene.attempt("jane", "192.0.2.1") == delay);
    scene.now += delay;
    CHECK(scene.attempt("jane", "192.0.2.1") == 0);
  }
}

TEST_CASE("an account is guarded against many addresses, for a minute at most") {
  Scene scene;
  for (int i = 0; i < 40; ++i) {
    scene.now += 60;
    CHECK(scene.attempt("jane", "192.0.2." + std::to_string(i)) == 0);
  }
  CHECK(scene.attempt("jane", "198.51.100.1") == 60);
  CHECK(scene.attempt("joe", "198.51.100.1") == 0);
}

TEST_CASE("an address is slowed down whatever names it tries, and so is all of an IPv6 network") {
  Scene scene;
  for (int i = 0; i < 5; ++i) CHECK(scene.attempt("user" + std::to_string(i), "192.0.2.1") == 0);
  CHECK(scene.attempt("jane", "192.0.2.1") == 1);
  for (int i = 0; i < 5; ++i) scene.attempt("user" + std::to_string(i), "2001:db8::" + std::to_string(i));
  CHECK(scene.attempt("jane", "2001:db8::99") == 1);
  CHECK(scene.attempt("jane", "2001:db8:0:1::99") == 0);
}

TEST_CASE("a stranger keeps nobody out of an address that they have logged in from") {
  Scene scene;
  CHECK(scene.attempt("jane", "192.0.2.7") == 0);
  scene.throttle.succeeded("jane", "192.0.2.7");
  scene.fail("jane", "203.0.113.5");
  CHECK(scene.attempt("jane", "192.0.2.7") == 0);
  // Not even one at the same address, behind the same router.
  scene.fail("joe", "192.0.2.7");
  CHECK(scene.attempt("jane", "192.0.2.7") == 0);
}

TEST_CASE("from a known address a password can't be guessed any faster") {
  Scene scene;
  scene.throttle.trust("jane", "192.0.2.7");
  CHECK(scene.fail("jane", "192.0.2.7") == 5);
  CHECK(scene.attempt("jane", "192.0.2.7") == 1);
}

TEST_CASE("a right password takes back its own attempt and no others") {
  Scene scene;
  for (int i = 0; i < 5; ++i) scene.attempt("victim", "192.0.2.1");
  scene.now += 1;
  CHECK(scene.attempt("own", "192.0.2.1") == 0);
  scene.throttle.succeeded("own", "192.0.2.1");
  scene.attempt("victim", "192.0.2.1");
  CHECK(scene.attempt("other", "192.0.2.1") > 0);
}

TEST_CASE("failures are forgotten after a day, and of too many names the oldest") {
  Scene scene;
  scene.fail("jane", "192.0.2.1");
  scene.now += 25 * 3600;
  CHECK(scene.fail("jane", "192.0.2.1") == 5);
  for (int i = 0; i < 11'000; ++i) {
    ++scene.now;
    scene.attempt("user" + std::to_string(i), "198.51." + std::to_string(i / 256) + "." + std::to_string(i % 256));
  }
  CHECK(scene.attempt("jane", "192.0.2.1") == 0);
}
