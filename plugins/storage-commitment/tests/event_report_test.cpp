#include "event_report.hpp"

#include <catch2/catch.hpp>

#include "fermata/dicom/data_set_view.hpp"

using namespace fermata::dicom;
using namespace fermata::storage_commitment;

namespace {
constexpr Tag kFailed{0x0008, 0x1198};
constexpr Tag kReferenced{0x0008, 0x1199};
}  // namespace

TEST_CASE("a report names what is committed, and what is not with the reason") {
  const std::vector<Reference> references{{"1.2.3", "1.1", reason::kCommitted},
                                          {"1.2.3", "1.2", reason::kNoSuchInstance},
                                          {"1.2.4", "1.3", reason::kCommitted}};
  const auto bytes = event_report("9.9", "FERMATA", references);
  const DataSetView report(bytes);
  CHECK(report.text(Tag(0x0008, 0x0054)) == "FERMATA");
  CHECK(report.text(Tag(0x0008, 0x1195)) == "9.9");
  std::vector<std::string> committed;
  for (const auto item : report.find(kReferenced)->items())
    committed.push_back(std::string(item.text(Tag(0x0008, 0x1150))) + " " +
                        std::string(item.text(Tag(0x0008, 0x1155))));
  CHECK(committed == std::vector<std::string>{"1.2.3 1.1", "1.2.4 1.3"});
  int failed = 0;
  for (const auto item : report.find(kFailed)->items()) {
    ++failed;
    CHECK(item.text(Tag(0x0008, 0x1155)) == "1.2");
    CHECK(item.find(Tag(0x0008, 0x1197))->number<uint16_t>() == 0x0112);
  }
  CHECK(failed == 1);
}

TEST_CASE("a report has no sequence without items, and no retrieve AE title that nobody configured") {
  const auto all = event_report("9.9", "", std::vector<Reference>{{"1.2.3", "1.1", reason::kCommitted}});
  CHECK_FALSE(DataSetView(all).find(kFailed));
  CHECK_FALSE(DataSetView(all).find(Tag(0x0008, 0x0054)));
  const auto none = event_report("9.9", "", std::vector<Reference>{{"1.2.3", "1.1", reason::kNoSuchInstance}});
  CHECK_FALSE(DataSetView(none).find(kReferenced));
}
