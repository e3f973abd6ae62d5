#include "lone_run.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <ostream>
#include <span>

#include "fermata/checksum.hpp"
#include "fermata/error.hpp"

namespace fermata::imports {
namespace fs = std::filesystem;
namespace {

constexpr std::chrono::milliseconds kTellEvery{250};
constexpr std::size_t kNameDigits = 8;
constexpr std::size_t kLineWidth = 150;

std::string name_for(const ImportPlan& plan) {
  StreamingChecksum checksum;
  const auto text = plan.kind + '\n' + plan.source + (plan.dry_run ? "\ndry" : "");
  checksum.add(std::as_bytes(std::span(text)));
  return hexadecimal(checksum.value()).substr(0, kNameDigits);
}

std::string content_of(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags) : number_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {
    if (number_ < 0) fail();
  }
  ~Descriptor() { ::close(number_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  void write(std::string_view text) const {
    while (!text.empty()) {
      const auto count = ::write(number_, text.data(), text.size());
      if (count < 0 && errno != EINTR) fail();
      if (count > 0) text.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  void sync() const {
    if (::fsync(number_) != 0) fail();
  }
  [[noreturn]] static void fail() {
    throw Error(errno == ENOSPC ? Code::no_space : Code::io,
                std::string("how far the import is can't be kept: ") + std::strerror(errno));
  }

 private:
  const int number_;
};

}  // namespace

LoneRun::LoneRun(const ImportPlan& plan, fs::path folder, std::ostream& out, bool terminal)
    : name_(name_for(plan)),
      path_(folder / (name_ + ".checkpoint")),
      checkpoint_(content_of(path_)),
      out_(out),
      terminal_(terminal) {}

/// The new one takes the old one's place once it is durable.
void LoneRun::save(const std::string& checkpoint) {
  auto beside = path_;
  beside += ".new";
  {
    const Descriptor file(beside, O_WRONLY | O_CREAT | O_TRUNC);
    file.write(checkpoint);
    file.sync();
  }
  if (::rename(beside.c_str(), path_.c_str()) != 0) Descriptor::fail();
  Descriptor(path_.parent_path(), O_RDONLY | O_DIRECTORY).sync();
  checkpoint_ = checkpoint;
}

void LoneRun::progress(uint64_t done, uint64_t total, std::string_view message) {
  const auto now = std::chrono::steady_clock::now();
  if (!terminal_ || now - told_ < kTellEvery) return;
  told_ = now;
  show_progress(out_, done, total, message);
}

void LoneRun::ended() {
  std::error_code ignored;
  fs::remove(path_, ignored);
}

void show_progress(std::ostream& out, uint64_t done, uint64_t total, std::string_view message) {
  auto text = std::to_string(done);
  if (total != 0) text += " of " + std::to_string(total) + ", " + std::to_string(done * 100 / total) + " %";
  text += ": " + std::string(message);
  out << "\r\x1b[K" << text.substr(0, kLineWidth) << std::flush;
}

}  // namespace fermata::imports
