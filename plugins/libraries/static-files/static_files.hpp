#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "fermata/http_router.hpp"

namespace fermata::static_files {

/// The files of a folder, none of which ever changes under its name: their first folder is named after their content.
///
/// What lies compressed beside a file (its name and ".gz") is sent to clients that accept gzip. Ranges are not offered.
/// Only names that were in the folder at construction are answered, so that no request reaches beyond it.
/// **Thread**: any number at once. **Errors**: not_found where the folder has no files; from `answer`: unavailable
/// where a file was removed or replaced since, cancelled.
class StaticFiles {
 public:
  explicit StaticFiles(std::filesystem::path folder);

  /// `name` is relative to the folder, with "/". False if there is no such file; nothing was said then.
  bool answer(std::string_view name, HttpRequest& request, HttpResponse& response) const;
  std::size_t count() const { return files_.size(); }

 private:
  struct File {
    uint64_t size = 0;
    std::optional<uint64_t> compressed;  ///< size of the file beside it
  };
  void send(const std::string& file, uint64_t size, HttpResponse& response) const;

  const std::filesystem::path folder_;
  std::map<std::string, File, std::less<>> files_;
};

}  // namespace fermata::static_files
