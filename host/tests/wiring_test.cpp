#include "loading/wiring.hpp"

#include <catch2/catch.hpp>

using namespace fermata::host;
using Catch::Contains;

namespace {

Need one(const std::string& id) { return {id, FERMATA_NEEDS_ONE}; }
Need many(const std::string& id) { return {id, FERMATA_NEEDS_MANY}; }
Need optional(const std::string& id) { return {id, FERMATA_NEEDS_OPTIONAL}; }

Participant plugin(const std::string& name, std::vector<std::string> provides, std::vector<Need> needs = {}) {
  Participant p;
  p.name = name;
  p.provides = std::move(provides);
  p.needs = std::move(needs);
  return p;
}

std::string order_of(const std::vector<Participant>& all) {
  const auto wiring = wire(all);
  std::string out;
  for (const auto i : wiring.order) out += all[i].name + ' ';
  return out;
}

std::string problems_of(const std::vector<Participant>& all) {
  std::string out;
  for (const auto& problem : wire(all).problems) out += problem.message + '\n';
  return out;
}

}  // namespace

TEST_CASE("plugins start after what they need, otherwise in the order of the configuration") {
  CHECK(order_of({plugin("dimse", {}, {one("archive/1"), many("hook/1")}),
                  plugin("archive", {"archive/1"}, {one("blobs/1"), one("index/1")}), plugin("hook", {"hook/1"}),
                  plugin("index", {"index/1"}), plugin("blobs", {"blobs/1"})}) == "hook index blobs archive dimse ");
}

TEST_CASE("a missing service names who needs it and the remedy") {
  CHECK(problems_of({plugin("archive", {}, {one("blobs/1")})}) ==
        "the plugin \"archive\" needs blobs/1, which no enabled plugin provides; add one that does under \"plugins:\", "
        "or enable it\n");
  CHECK(problems_of({plugin("archive", {}, {optional("blobs/1"), many("hook/1")})}).empty());
}

TEST_CASE("another revision of the service is told as such") {
  CHECK_THAT(problems_of({plugin("archive", {}, {one("blobs/1")}), plugin("new", {"blobs/2"})}),
             Contains("\"new\" provides blobs/2; upgrade the older of the two"));
}

TEST_CASE("two candidates need a choice") {
  std::vector<Participant> all{plugin("archive", {}, {one("blobs/1")}), plugin("b", {"blobs/1"}),
                               plugin("a", {"blobs/1"})};
  CHECK_THAT(problems_of(all), Contains("a and b provide; choose one with \"uses: {blobs: a}\""));
  for (const auto* id : {"blobs", "blobs/1"}) {
    all[0].uses = {{id, "b"}};
    const auto wiring = wire(all);
    CHECK(wiring.problems.empty());
    CHECK(wiring.providers[0].at("blobs/1") == std::vector<std::string>{"b"});
  }
}

TEST_CASE("an optional need with two candidates needs a choice as well") {
  CHECK_THAT(problems_of({plugin("x", {}, {optional("s/1")}), plugin("a", {"s/1"}), plugin("b", {"s/1"})}),
             Contains("choose one"));
}

TEST_CASE("all providers come in the order of their names") {
  const auto wiring =
      wire({plugin("x", {}, {many("s/1")}), plugin("c", {"s/1"}), plugin("a", {"s/1"}), plugin("b", {"s/1"})});
  CHECK(wiring.providers[0].at("s/1") == std::vector<std::string>{"a", "b", "c"});
}

TEST_CASE("a plugin that needs what it provides takes it from another") {
  std::vector<Participant> all{plugin("cache", {"blobs/1"}, {one("blobs/1")}), plugin("disk", {"blobs/1"})};
  CHECK(order_of(all) == "disk cache ");
}

TEST_CASE("choices that mean nothing are problems") {
  auto archive = plugin("archive", {}, {one("blobs/1"), many("hook/1")});
  const auto disk = plugin("disk", {"blobs/1"});
  archive.uses = {{"blob", "disk"}};
  CHECK_THAT(problems_of({archive, disk}), Contains("\"uses: blob\"") && Contains("did you mean \"blobs\"?"));
  archive.uses = {{"blobs", "disc"}};
  CHECK_THAT(problems_of({archive, disk}), Contains("uses \"disc\"") && Contains("did you mean \"disk\"?"));
  archive.uses = {{"hook", "disk"}};
  CHECK_THAT(problems_of({archive, disk}), Contains("does not take that service from a single provider"));
  archive.uses = {{"blobs", "other"}};
  CHECK_THAT(problems_of({archive, disk, plugin("other", {})}), Contains("does not provide it"));
}

TEST_CASE("a circle is told with all its members") {
  CHECK_THAT(problems_of({plugin("outside", {}, {one("a/1")}), plugin("a", {"a/1"}, {one("b/1")}),
                          plugin("b", {"b/1"}, {one("c/1")}), plugin("c", {"c/1"}, {one("a/1")})}),
             Contains("circle") && Contains("a needs b needs c needs a"));
}

TEST_CASE("what can't run takes along what needs it, as far as it is not required") {
  auto disk = plugin("disk", {"blobs/1"});
  auto archive = plugin("archive", {"archive/1"}, {one("blobs/1")});
  auto hook = plugin("hook", {}, {optional("blobs/1")});
  disk.failed = true;
  disk.required = archive.required = false;
  const std::vector<Participant> all{disk, archive, plugin("web", {}, {many("archive/1")}), hook};
  const auto wiring = wire(all);
  CHECK(wiring.problems.empty());
  CHECK(order_of(all) == "web hook ");
  CHECK_THAT(wiring.left_out[1], Contains("\"disk\" would provide; that one can't run"));

  archive.required = true;
  CHECK_THAT(problems_of({disk, archive}), Contains("\"archive\" needs blobs/1, which \"disk\" would provide"));
}
