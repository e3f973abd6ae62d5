#include "sources/dicomdir_source.hpp"

#include <dcmtk/config/osconfig.h>
#include <strings.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcdicdir.h>
#include <dcmtk/dcmdata/dcfilefo.h>
#include <dcmtk/dcmdata/dcsequen.h>

#include "fermata/error.hpp"
#include "file_names.hpp"

namespace fermata::imports {
namespace fs = std::filesystem;
namespace {

bool same(const std::string& a, const std::string& b) { return ::strcasecmp(a.c_str(), b.c_str()) == 0; }

/// The entry of this name, in whatever case.
std::optional<fs::path> entry_of(const fs::path& folder, const std::string& name) {
  std::error_code error;
  if (fs::exists(folder / name, error)) return folder / name;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (same(entry.path().filename().native(), name) || same(entry.path().filename().native(), name + "."))
      return entry.path();
  return {};
}

bool is_there(fs::path folder, const std::string& file_id) {
  std::size_t at = 0;
  while (at <= file_id.size()) {
    const auto end = std::min(file_id.find('\\', at), file_id.size());
    const auto found = entry_of(folder, file_id.substr(at, end - at));
    if (!found) return false;
    folder = *found;
    at = end + 1;
  }
  return true;
}

}  // namespace

fs::path find_dicomdir(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) return {};
  const auto found = entry_of(folder, "DICOMDIR");
  return found && fs::is_regular_file(*found, error) ? *found : fs::path();
}

void DicomdirGaps::load() {
  loaded_ = true;
  DcmFileFormat file;
  DcmSequenceOfItems* records = nullptr;
  if (file.loadFile(dicomdir_.c_str()).bad() ||
      file.getDataset()->findAndGetSequence(DCM_DirectoryRecordSequence, records).bad())
    throw Error(Code::invalid, "the DICOMDIR can't be read; import the medium as a folder instead");
  for (unsigned long i = 0; i < records->card(); ++i) {
    OFString file_id;
    if (records->getItem(i)->findAndGetOFStringArray(DCM_ReferencedFileID, file_id).good() && !file_id.empty())
      listed_.emplace_back(file_id.c_str());
  }
}

void DicomdirGaps::go_on_after(std::string_view position) {
  next_ = 0;
  std::from_chars(position.data(), position.data() + position.size(), next_);
}

bool DicomdirGaps::next(Entry& entry) {
  if (!loaded_) load();
  while (next_ < listed_.size()) {
    auto name = listed_[next_++];
    while (!name.empty() && (name.back() == ' ' || name.back() == '\0')) name.pop_back();
    if (is_there(dicomdir_.parent_path(), name)) continue;
    std::replace(name.begin(), name.end(), '\\', '/');
    entry = {};
    entry.name = escaped(name);
    entry.position = std::to_string(next_);
    entry.outcome = Outcome::missing;
    entry.problem = "the DICOMDIR lists it, but it is not on the medium";
    return true;
  }
  return false;
}

}  // namespace fermata::imports
