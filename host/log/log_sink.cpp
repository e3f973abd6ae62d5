#include "log/log_sink.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "fermata/error.hpp"

namespace fermata::host {
namespace {

int open_for_append(const std::string& file) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
  if (descriptor < 0)
    throw Error(Code::io, "the log file " + file + " can't be opened: " + std::generic_category().message(errno) +
                              "; make its folder writable, or change log.file");
  return descriptor;
}

}  // namespace

LogSink::LogSink(std::string file)
    : file_(std::move(file)), descriptor_(file_.empty() ? STDERR_FILENO : open_for_append(file_)) {}

LogSink::~LogSink() {
  if (!file_.empty()) ::close(descriptor_);
}

void LogSink::reopen() {
  if (file_.empty()) return;
  const int opened = open_for_append(file_);
  const std::lock_guard lock(mutex_);
  ::close(std::exchange(descriptor_, opened));
}

void LogSink::sink_it_(const spdlog::details::log_msg& message) {
  spdlog::memory_buf_t line;
  formatter_->format(message, line);
  const char* rest = line.data();
  std::size_t size = line.size();
  while (size > 0) {
    const ssize_t written = ::write(descriptor_, rest, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) break;  // there is nobody left to tell
    rest += written;
    size -= static_cast<std::size_t>(written);
  }
  ++passed_on_;
}

}  // namespace fermata::host
