// A worklist file in DICOM, as it lies in the watched folder.
#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "fermata/error.hpp"
#include "input.hpp"
#include "item.hpp"
#include "item_file.hpp"
#include "walk.hpp"

using namespace fermata;
using namespace fermata::worklist;

namespace {

/// A file that is in memory only, under a name that says what it is.
class DicomFile {
 public:
  explicit DicomFile(std::span<const std::byte> bytes) : descriptor_(::memfd_create("worklist", 0)) {
    fuzz::require(::write(descriptor_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()),
                  "there is memory");
    static const std::string folder = make_folder();
    path_ = folder + "/item.wl";
    ::unlink(path_.c_str());
    fuzz::require(::symlink(("/proc/self/fd/" + std::to_string(descriptor_)).c_str(), path_.c_str()) == 0,
                  "a link is made");
  }
  ~DicomFile() {
    ::unlink(path_.c_str());
    ::close(descriptor_);
  }
  DicomFile(const DicomFile&) = delete;
  DicomFile& operator=(const DicomFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  static std::string make_folder() {
    std::string name = "/tmp/fermata-fuzz-XXXXXX";
    fuzz::require(::mkdtemp(name.data()) != nullptr, "a folder is made");
    static const struct Remover {
      std::string folder;
      ~Remover() { ::rmdir(folder.c_str()); }
    } remover{name};
    return name;
  }

  int descriptor_;
  std::string path_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const DicomFile file(input.bytes());
  try {
    for (const auto& request : read_item_file(file.path()))
      for (const auto& step : single_steps("id", dicom::DataSetView(request)))
        fuzz::walk(make_item("id", "fuzz", dicom::DataSetView(step), "SCHEDULED")->view());
  } catch (const Error&) {
  }
  return 0;
}
