#pragma once
#include <cstdint>

#include "api/routes.hpp"
#include "fermata/archive.hpp"
#include "fermata/journal.hpp"

namespace fermata::admin {

/// Takes in one file from a browser, a DICOM file or a ZIP of some: POST /api/upload.
///
/// The results go out as they come, in the order of the files, while the rest of the body is still on its way in.
/// Nothing is held but the heads of some files. A ZIP in a ZIP is not opened; of one ZIP, no more files and bytes are
/// unpacked than its limits say.
/// **Thread**: any. **Ownership**: borrows the archive. **Errors**: those of the request.
class Upload {
 public:
  struct Limits {
    uint64_t files = 200'000;
    uint64_t unpacked = uint64_t{200} << 30;
  };
  Upload(Archive& archive, const Limits& limits, Journal journal)
      : archive_(archive), limits_(limits), journal_(std::move(journal)) {}
  void add_to(api::Routes& routes);

 private:
  void answer(HttpRequest& request, HttpResponse& response) const;

  Archive& archive_;
  const Limits limits_;
  const Journal journal_;
};

}  // namespace fermata::admin
