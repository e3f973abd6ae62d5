#include <catch2/catch.hpp>

#include "archive_fixture.hpp"
#include "canonical_header.hpp"
#include "fermata/dicom/data_set_view.hpp"
#include "sample_files.hpp"

using namespace fermata;
using namespace fermata::archive;
using namespace fermata::archive::testing;
using Kind = StoreOutcome::Kind;
using Refusal = StoreOutcome::Refusal;

namespace {

Settings with(DuplicatePolicy policy) {
  Settings settings;
  settings.duplicates = policy;
  return settings;
}

}  // namespace

TEST_CASE("every sample file is stored, indexed and read back byte for byte") {
  if (samples().empty()) {
    WARN("pydicom's data folder is not installed: nothing to store");
    return;
  }
  Fixture archive(with(DuplicatePolicy::replace));
  std::string refused;
  std::size_t stored = 0;
  for (const auto& s : samples()) {
    const auto result = store(*archive.service, s.data_set, s.meta.transfer_syntax_uid);
    if (result.kind == Kind::refused) {
      refused += s.name + ": " + result.reason + "\n";
      continue;
    }
    ++stored;
    INFO(s.path);
    CHECK(archive.read(result.sop_instance) == s.data_set);
    CHECK(archive.find(result.sop_instance)->transfer_syntax_uid == s.meta.transfer_syntax_uid);
  }
  WARN("stored " << stored << " of " << samples().size() << "; refused:\n" << refused);
  CHECK(stored > 100);
}
