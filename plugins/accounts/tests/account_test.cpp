#include "account.hpp"

#include <catch2/catch.hpp>

#include "account_document.hpp"
#include "fermata/testing/threads_and_errors.hpp"

using namespace fermata;
using namespace fermata::accounts;
using fermata::testing::code_of;
using fermata::testing::kNoError;

namespace {

std::span<const std::byte> bytes(const std::string& text) { return std::as_bytes(std::span(text)); }

}  // namespace

TEST_CASE("a name is letters, digits and a few characters, and is kept in lower case") {
  CHECK(checked_name("Jane.Doe@example.org") == "jane.doe@example.org");
  for (const auto* name : {"", "a b", "a/b", "j\xc3\xa4ne", "a:b", "a\n"})
    CHECK(code_of([&] { checked_name(name); }) == Code::invalid);
  CHECK(checked_name(std::string(64, 'a')).size() == 64);
  CHECK(code_of([] { checked_name(std::string(65, 'a')); }) == Code::invalid);
}

TEST_CASE("a password has ten characters and is not the name; nothing else is asked of it") {
  const auto code = [](const char* password) { return code_of([&] { check_password("administrator", password); }); };
  CHECK(code("aaaaaaaaaa") == kNoError);
  CHECK(code("123456789") == Code::invalid);
  CHECK(code("\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4") == Code::invalid);
  CHECK(code("Administrator") == Code::invalid);
  CHECK(code_of([] { check_password("jane", std::string(1025, 'a')); }) == Code::invalid);
}

TEST_CASE("display names, addresses and rules of visibility are checked") {
  CHECK(checked_display_name("J\xc3\xa4ne Doe") == "J\xc3\xa4ne Doe");
  CHECK(code_of([] { checked_display_name("a\x1b[2J"); }) == Code::invalid);
  CHECK(code_of([] { checked_display_name(std::string(201, 'a')); }) == Code::invalid);
  CHECK(checked_email("").empty());
  CHECK(checked_email("jane@example.org") == "jane@example.org");
  for (const auto* email : {"jane", "@a", "a@", "a b@c", "a@b,c@d"})
    CHECK(code_of([&] { checked_email(email); }) == Code::invalid);
  CHECK(checked_visibility({{"modality", {"CT", "M*"}}}).size() == 1);
  CHECK(code_of([] { checked_visibility({{"patient", {"x"}}}); }) == Code::invalid);
  CHECK(code_of([] { checked_visibility({{"modality", {}}}); }) == Code::invalid);
  CHECK(code_of([] { checked_visibility({{"modality", {"CT\\MR"}}}); }) == Code::invalid);
}

TEST_CASE("roles have what the interface says, and an administrator also what plugins add") {
  CHECK(role_named("viewer")->may("studies.read"));
  CHECK_FALSE(role_named("viewer")->may("studies.store"));
  CHECK(role_named("technician")->may("studies.store"));
  CHECK_FALSE(role_named("clinician")->may("studies.delete"));
  CHECK(role_named("administrator")->may("something.else"));
  CHECK_FALSE(role_named("auditor")->may("something.else"));
  CHECK(role_named("nobody") == nullptr);
  CHECK(code_of([] { checked_role("root"); }) == Code::invalid);
}

TEST_CASE("an account may what its role may, and what it was given besides") {
  Account jane;
  jane.role = "clinician";
  CHECK_FALSE(jane.may("studies.store"));
  jane.also = checked_also({"studies.store", "nodes.read", "studies.store"});
  CHECK(jane.also == std::vector<std::string>{"nodes.read", "studies.store"});
  CHECK(jane.may("studies.store"));
  CHECK(jane.may("studies.label"));
  CHECK_FALSE(jane.may("studies.delete"));
  CHECK(code_of([] { checked_also({"users.manage"}); }) == Code::invalid);
  CHECK(code_of([] { checked_also({"studies.burn"}); }) == Code::invalid);
}

TEST_CASE("an account that was written before permissions could be given besides a role has none") {
  Account jane;
  jane.name = "jane";
  auto text = to_document(jane);
  const std::string member = R"("also":[],)";
  REQUIRE(text.find(member) != std::string::npos);
  text.erase(text.find(member), member.size());
  Account read;
  read.also = {"studies.store"};
  from_document(bytes(text), read);
  CHECK(read.also.empty());
}

TEST_CASE("an account is read as it was written") {
  Account a;
  a.name = "jane";
  a.display_name = "J\xc3\xa4ne \"Doe\"";
  a.email = "jane@example.org";
  a.role = "viewer";
  a.also = {"studies.store"};
  a.password_hash = "$argon2id$x";
  a.enabled = false;
  a.must_change_password = true;
  a.created = 17;
  a.last_login = 18;
  a.visibility = {{"label", {"a", "b*"}}};
  a.setup = SetupLink{"hash", 19};
  Account b;
  from_document(bytes(to_document(a)), b);
  CHECK(to_document(b) == to_document(a));
  CHECK(b.setup->expires == 19);
  CHECK(b.visibility[0].values[1] == "b*");
}

TEST_CASE("a document of a newer version is not taken for a broken one") {
  Account account;
  CHECK(code_of([&] { from_document(bytes(R"({"version":2})"), account); }) == Code::unsupported);
  CHECK(code_of([&] { from_document(bytes(R"({"version":1})"), account); }) == Code::corrupt);
  CHECK(code_of([&] { from_document(bytes("rubbish"), account); }) == Code::corrupt);
}
