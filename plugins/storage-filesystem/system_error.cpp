#include "system_error.hpp"

#include <cerrno>
#include <system_error>

namespace fermata::storage_filesystem {
namespace {

const char* remedy(int number) {
  switch (number) {
    case ENOSPC:
      return "free space on this file system";
    case EDQUOT:
      return "raise the disk quota of the account that Fermata runs as, or free space";
    case EACCES:
    case EPERM:
      return "give the account that Fermata runs as the right to read and write there";
    case EROFS:
      return "the file system is mounted read-only, perhaps after an error: see the kernel's log";
    case EMFILE:
    case ENFILE:
      return "raise the limit of open files (LimitNOFILE in the systemd unit)";
    case EIO:
      return "the device reports a failure: see the kernel's log and check the disk before going on";
    default:
      return "see the kernel's log";
  }
}

}  // namespace

Error system_error(int number, const std::string& what) {
  const bool full = number == ENOSPC || number == EDQUOT;
  return Error(full ? Code::no_space : Code::io,
               "cannot " + what + ": " + std::generic_category().message(number) + "; " + remedy(number));
}

}  // namespace fermata::storage_filesystem
