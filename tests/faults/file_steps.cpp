// Does the file operations that its standard input lists, one a line, in the current folder, and then dies as by kill
// -9.
//
//   write FILE SIZE       creates the file, or appends to it; it stays open
//   stream FILE SIZE      the same with std::ofstream, which is flushed and closed
//   overwrite FILE SIZE   writes other bytes over the first ones
//   fsync FILE            also of a folder ("." is the current one)
//   fdatasync FILE
//   writeback FILE        sync_file_range that waits
//   rename FROM TO / link FROM TO / unlink FILE / mkdir FOLDER / rmdir FOLDER / truncate FILE SIZE / touch FILE /
//   syncfs .
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>

namespace {

std::map<std::string, int> open_files;

int opened(const std::string& name) {
  if (const auto found = open_files.find(name); found != open_files.end()) return found->second;
  int fd = ::open(name.c_str(), O_RDWR | O_CREAT | O_APPEND, 0644);
  if (fd < 0) fd = ::open(name.c_str(), O_RDONLY | O_DIRECTORY);
  return open_files[name] = fd;
}

bool run(const std::string& step, const std::string& name, const std::string& argument) {
  const auto size = std::strtoull(argument.c_str(), nullptr, 10);
  if (step == "write") {
    const std::string data(size, 'w');
    return ::write(opened(name), data.data(), size) == static_cast<ssize_t>(size);
  }
  if (step == "overwrite") {
    const int fd = ::open(name.c_str(), O_RDWR);  // one that does not append
    const std::string data(size, 'o');
    const bool written = ::pwrite(fd, data.data(), size, 0) == static_cast<ssize_t>(size);
    ::close(fd);
    return written;
  }
  if (step == "stream") return static_cast<bool>(std::ofstream(name, std::ios::app) << std::string(size, 's'));
  if (step == "fsync") return ::fsync(opened(name)) == 0;
  if (step == "fdatasync") return ::fdatasync(opened(name)) == 0;
  if (step == "syncfs") return ::syncfs(opened(name)) == 0;
  if (step == "writeback")
    return ::sync_file_range(opened(name), 0, 0,
                             SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER) == 0;
  if (step == "rename") return ::renameat2(AT_FDCWD, name.c_str(), AT_FDCWD, argument.c_str(), 0) == 0;
  if (step == "link") return ::link(name.c_str(), argument.c_str()) == 0;
  if (step == "unlink") return std::filesystem::remove(name);
  if (step == "mkdir") return std::filesystem::create_directory(name);
  if (step == "rmdir") return ::rmdir(name.c_str()) == 0;
  if (step == "truncate") return ::ftruncate(opened(name), static_cast<off_t>(size)) == 0;
  if (step == "touch") return ::futimens(opened(name), nullptr) == 0;
  return false;
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string step, name, argument;
    words >> step >> name >> argument;
    if (step.empty()) continue;
    if (!run(step, name, argument)) {
      std::perror(line.c_str());
      return 1;
    }
  }
  ::kill(::getpid(), SIGKILL);
}
