// What the machine can do at best: takes bytes from connections (see raw_work.cpp), writes each lot to a file of its
// own and answers when that is as durable as asked for.
//
// usage: sink PORT FOLDER none|file|folder    (folder: the file, and its name in the folder, each synced)
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include "bytes.hpp"
#include "socket.hpp"

namespace fermata::benchmark {
namespace {

enum class Sync : uint8_t { none, file, folder };

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(what);
}

void write_file(const std::string& path, const std::string& bytes, Sync sync, int folder) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  require(file >= 0, "can't create a file");
  require(::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()), "can't write a file");
  if (sync != Sync::none) require(::fdatasync(file) == 0, "can't sync a file");
  ::close(file);
  if (sync == Sync::folder) require(::fsync(folder) == 0, "can't sync the folder");
}

void serve(Socket socket, const std::string& folder, int folder_file, Sync sync, std::atomic<uint64_t>& number) {
  std::string head(4, '\0');
  std::string bytes;
  while (socket.read(head.data(), head.size())) {
    bytes.resize(number32be(head, 0));
    require(socket.read(bytes.data(), bytes.size()), "the connection ended early");
    write_file(folder + "/" + std::to_string(number++), bytes, sync, folder_file);
    socket.send("+");
  }
}

int run(uint16_t port, const std::string& folder, const std::string& how) {
  const Sync sync = how == "none" ? Sync::none : how == "file" ? Sync::file : Sync::folder;
  const int folder_file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  require(folder_file >= 0, "there is no such folder");
  const Listener listener(port);
  std::atomic<uint64_t> number{0};
  for (;;)
    std::thread([&, socket = listener.accept()]() mutable {
      try {
        serve(std::move(socket), folder, folder_file, sync, number);
      } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
      }
    }).detach();
}

}  // namespace
}  // namespace fermata::benchmark

int main(int count, char** arguments) {
  if (count != 4) {
    std::fprintf(stderr, "usage: sink PORT FOLDER none|file|folder\n");
    return 64;
  }
  try {
    return fermata::benchmark::run(static_cast<uint16_t>(std::atoi(arguments[1])), arguments[2], arguments[3]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
