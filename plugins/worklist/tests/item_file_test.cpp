#include "item_file.hpp"

#include <catch2/catch.hpp>

#include "fermata/dicom/file_meta.hpp"
#include "samples.hpp"
#include "temporary_folder.hpp"

using namespace fermata;
using namespace fermata::worklist;
using namespace fermata::worklist::testing;

namespace {

std::string text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

TEST_CASE("item files are known by their names") {
  for (const auto* name : {"a.yaml", "a.YML", "a.json", "a.wl", "b.WL", "a.dcm"}) CHECK(is_item_file(name));
  for (const auto* name : {"lockfile", "a.wl.rejected", "a.txt", "a.yaml~", "wl"}) CHECK_FALSE(is_item_file(name));
}

TEST_CASE("a DICOM file is read, whatever its character set, with File Meta Information and without") {
  const TemporaryFolder folder;
  auto data_set = Sample().data_set();
  data_set.set(dicom::kSpecificCharacterSet, "CS", "ISO_IR 100");
  data_set.set(dicom::kPatientName, "PN", "M\xfcller^J\xf6rg");
  const auto bytes = data_set.bytes();
  dicom::FileMeta meta;
  meta.sop_class_uid = "1.2.276.0.7230010.3.1.0.1";
  meta.sop_instance_uid = "1.2.3";
  meta.transfer_syntax_uid = "1.2.840.10008.1.2.1";
  folder.write("with.wl", text(dicom::encode(meta)) + text(bytes));
  folder.write("without.wl", text(bytes));
  for (const auto* name : {"with.wl", "without.wl"}) {
    const auto requests = read_item_file(folder.path() / name);
    REQUIRE(requests.size() == 1);
    CHECK(dicom::DataSetView(requests[0]).text(dicom::kPatientName) == "Müller^Jörg");
    CHECK(step_of(dicom::DataSetView(requests[0])).text(dicom::kModality) == "CT");
  }
}

TEST_CASE("a file that is none, or too large, or unreadable, says so") {
  const TemporaryFolder folder;
  folder.write("junk.wl", "this is not DICOM at all, but long enough to look at it closely. " + std::string(500, 'x'));
  CHECK_THROWS_AS(read_item_file(folder.path() / "junk.wl"), Error);
  folder.write("large.yaml", std::string(5 << 20, ' '));
  CHECK_THROWS_WITH(read_item_file(folder.path() / "large.yaml"), "it is larger than 4 MiB: split it");
  CHECK_THROWS_WITH(read_item_file(folder.path() / "none.yaml"), "it can't be read: No such file or directory");
}
