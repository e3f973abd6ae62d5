#include "context_groups.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "memory_archive.hpp"

using namespace fermata;
using namespace fermata::transfers;

namespace {

/// "class: syntax" of each context; "uncompressed" for those without one of their own.
std::vector<std::string> proposed(const ContextGroups& groups, std::size_t group) {
  std::vector<std::string> list;
  for (const auto& context : groups.contexts(group)) {
    const auto& syntaxes = context.transfer_syntaxes;
    list.push_back(std::string(context.abstract_syntax) + ": " +
                   std::string(syntaxes.empty() ? "uncompressed" : syntaxes[0]));
    if (syntaxes.size() > 1) list.back() += " and " + std::to_string(syntaxes.size() - 1) + " more";
  }
  return list;
}

}  // namespace

TEST_CASE("Each SOP class is proposed as it is preferred, as it is stored, uncompressed, and in what loses nothing") {
  const StoredKinds kinds{{kCt, {kExplicit, kJpegLossless}}, {kMr, {kExplicit}}};
  const ContextGroups groups(kinds, {"1.2.840.10008.1.2.4.90", kJpegLossless});
  REQUIRE(groups.count() == 1);
  const std::string ct = kCt;
  const std::string mr = kMr;
  std::vector<std::string> expected;
  for (const auto& name : {ct, mr})
    for (const std::string of : {"1.2.840.10008.1.2.4.90", kJpegLossless, "uncompressed",
                                 "1.2.840.10008.1.2.4.70 and 6 more", "1.2.840.10008.1.2.4.91 and 1 more"})
      expected.push_back(name + ": " + of);
  CHECK(proposed(groups, 0) == expected);
}

TEST_CASE("No group has more than 128 contexts, and each SOP class is in one") {
  StoredKinds kinds;
  for (int i = 0; i < 200; ++i) kinds["1.9." + std::to_string(i)] = {kJpegLossless, "1.2.840.10008.1.2.5"};
  const ContextGroups groups(kinds, {});
  CHECK(groups.count() == 8);
  for (std::size_t i = 0; i < groups.count(); ++i) CHECK(groups.contexts(i).size() <= 128);
  for (const auto& [sop_class, stored] : kinds) {
    const auto list = proposed(groups, groups.group_of(sop_class));
    CHECK(std::count(list.begin(), list.end(), sop_class + ": uncompressed") == 1);
  }
}

TEST_CASE("One SOP class in very many transfer syntaxes is still one group") {
  std::set<std::string> stored;
  for (int i = 0; i < 300; ++i) stored.insert("1.9." + std::to_string(i));
  const ContextGroups groups({{kCt, stored}}, {});
  REQUIRE(groups.count() == 1);
  CHECK(groups.contexts(0).size() == 128);
}
