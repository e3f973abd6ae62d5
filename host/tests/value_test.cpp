#include "configuration/value.hpp"

#include <catch2/catch.hpp>

#include "fermata/config.hpp"

using namespace fermata::host;

TEST_CASE("a plugin reads the tree through the SDK") {
  Value root;
  root.kind = FERMATA_VALUE_OBJECT;
  const auto add = [](Value& to, const std::string& key, Value value) {
    value.key = key;
    to.items.push_back(std::move(value));
  };
  add(root, "port", Value::of_integer(104));
  add(root, "title", Value::of_text("FERMATA"));
  add(root, "tls", Value::of_boolean(true));
  Value list;
  list.kind = FERMATA_VALUE_ARRAY;
  list.items = {Value::of_text("a"), Value::of_number(0.5)};
  add(root, "list", list);

  const ValueTree tree(root);
  const fermata::Config config(tree.root());
  CHECK(config["port"].integer() == 104);
  CHECK(config["title"].string() == "FERMATA");
  CHECK(config["tls"].boolean());
  REQUIRE(config["list"].count() == 2);
  CHECK(config["list"].item(0).string() == "a");
  CHECK(config["list"].item(1).number() == 0.5);
  CHECK_FALSE(config.has("none"));
  CHECK(root.json() == R"({"port": 104, "title": "FERMATA", "tls": true, "list": ["a", 0.5]})");
}
