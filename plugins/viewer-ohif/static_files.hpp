#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "fermata/http_router.hpp"

namespace fermata::viewer {

/// The files of a folder, none of which ever changes under its name: their first folder is named after their content.
///
/// Only names that were in the folder at construction are answered, so that no request reaches beyond it.
/// **Thread**: any number at once. **Errors**: not_found where the folder has no files; from `answer`: unavailable
/// where a file was removed or replaced since, cancelled.
class StaticFiles {
 public:
  explicit StaticFiles(std::filesystem::path folder);

  /// `name` is relative to the folder, with "/". False if there is no such file; nothing was said then.
  bool answer(std::string_view name, HttpResponse& response) const;
  std::size_t count() const { return sizes_.size(); }

 private:
  const std::filesystem::path folder_;
  std::map<std::string, uint64_t, std::less<>> sizes_;
};

}  // namespace fermata::viewer
