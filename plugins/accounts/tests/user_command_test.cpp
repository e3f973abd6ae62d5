#include "user_command.hpp"

#include <catch2/catch.hpp>

#include "accounts_scene.hpp"
#include "fermata/testing/recorded_console.hpp"
#include "fermata/testing/threads_and_errors.hpp"

using namespace fermata;
using namespace fermata::accounts;
using fermata::accounts::testing::AccountsScene;
using fermata::testing::code_of;
using fermata::testing::kNoError;

namespace {

struct Scene : AccountsScene {
  std::string run(std::vector<std::string_view> words) {
    fermata::testing::RecordedConsole console;
    console.typed = typed;
    const auto code = UserCommand(*services).run_at(console, words);
    CHECK(code == 0);
    return console.written;
  }
  Code code(std::vector<std::string_view> words) {
    return code_of([&] { run(words); });
  }
  std::string typed = "long enough";
};

}  // namespace

TEST_CASE("the console adds an account, and its password is asked for") {
  Scene scene;
  CHECK(scene.run({}).find("none") != std::string::npos);
  scene.run({"add", "Jane", "--role", "administrator", "--display-name", "Jane Doe"});
  const auto jane = scene.services->login.check("jane", "long enough", "127.0.0.1");
  CHECK(jane->display_name == "Jane Doe");
  CHECK_FALSE(jane->must_change_password);
  const auto list = scene.run({"list"});
  CHECK(list.find("jane") != std::string::npos);
  CHECK(list.find("administrator") != std::string::npos);
  CHECK(list.find("argon2") == std::string::npos);
  CHECK(scene.code({"add", "jane", "--role", "viewer"}) == Code::conflict);
  scene.typed = "short";
  CHECK(scene.code({"add", "joe", "--role", "viewer"}) == Code::invalid);
}

TEST_CASE("the console gets somebody back in") {
  Scene scene;
  scene.add("root", "administrator");
  const auto token = scene.services->sessions.open("root", "", "");
  scene.typed = "forgot the old";
  scene.run({"password", "root"});
  CHECK(scene.services->login.check("root", "forgot the old", "127.0.0.1")->name == "root");
  CHECK_FALSE(scene.services->sessions.find(token));

  const auto link = scene.run({"reset", "root"});
  CHECK(link.starts_with("http://127.0.0.1:8080/?setup="));
  const auto setup = link.substr(link.find('=') + 1, 43);
  CHECK(scene.services->links.holder(setup)->name == "root");
}

TEST_CASE("the console enables, disables, changes the role and deletes, but not of the last administrator") {
  Scene scene;
  scene.add("root", "administrator");
  scene.add("jane");
  scene.run({"disable", "jane"});
  CHECK_FALSE(scene.services->accounts.get("jane")->enabled);
  scene.run({"enable", "jane"});
  CHECK(scene.code({"disable", "root"}) == Code::conflict);
  scene.run({"role", "jane", "administrator"});
  CHECK(scene.code({"disable", "root"}) == kNoError);
  CHECK(scene.code({"delete", "jane"}) == Code::conflict);
  scene.run({"enable", "root"});
  scene.run({"delete", "jane"});
  CHECK(scene.services->accounts.list().size() == 1);
}

TEST_CASE("arguments that make no sense are answered with the usage") {
  Scene scene;
  for (const auto& words : std::vector<std::vector<std::string_view>>{{"fly"},
                                                                      {"add"},
                                                                      {"add", "jane"},
                                                                      {"add", "jane", "--role"},
                                                                      {"add", "jane", "--password", "x"},
                                                                      {"password"},
                                                                      {"role", "jane"},
                                                                      {"list", "more"}})
    CHECK(scene.code(words) == Code::invalid);
  CHECK(scene.code({"password", "nobody"}) == Code::not_found);
  CHECK(scene.code({"role", "nobody", "god"}) == Code::invalid);
}
