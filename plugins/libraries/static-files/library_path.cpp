#include "library_path.hpp"

#include <dlfcn.h>

#include <system_error>

namespace fermata::static_files {
namespace fs = std::filesystem;

fs::path path_from_library(const void* function, std::string_view relative) {
  Dl_info here{};
  if (::dladdr(function, &here) == 0 || here.dli_fname == nullptr) return {};
  std::error_code error;
  const auto library = fs::weakly_canonical(here.dli_fname, error);
  return (library.parent_path() / relative).lexically_normal();
}

}  // namespace fermata::static_files
