#include "file_descriptor.hpp"

#include <cerrno>

#include "system_error.hpp"

namespace fermata::storage_filesystem {

void write_all(const FileDescriptor& file, std::span<const std::byte> bytes, const std::string& path) {
  while (!bytes.empty()) {
    const auto count = ::write(file.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw system_error(errno, "write " + path);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

}  // namespace fermata::storage_filesystem
