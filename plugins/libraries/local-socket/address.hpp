#pragma once
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <filesystem>
#include <string>

#include "open-file/open_file.hpp"

namespace fermata::local_socket {

/// By way of the open folder: the path itself may be longer than the address of a socket.
class Address {
 public:
  explicit Address(const std::filesystem::path& path) : folder_(OpenFile::folder(path.parent_path())) {
    const auto short_path = "/proc/self/fd/" + std::to_string(folder_.fd()) + "/" + path.filename().string();
    if (short_path.size() >= sizeof address_.sun_path)
      throw Error(Code::invalid, "the name of the socket " + path.string() + " is too long");
    address_.sun_family = AF_UNIX;
    std::memcpy(address_.sun_path, short_path.c_str(), short_path.size() + 1);
  }

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address_); }
  static constexpr socklen_t kSize = sizeof(sockaddr_un);

 private:
  const OpenFile folder_;
  sockaddr_un address_{};
};

}  // namespace fermata::local_socket
