#include "lone_run.hpp"

#include <fstream>
#include <iterator>
#include <ostream>
#include <span>

#include "fermata/checksum.hpp"
#include "open-file/open_file.hpp"

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

}  // namespace

LoneRun::LoneRun(const ImportPlan& plan, const fs::path& folder, std::ostream& out, bool terminal)
    : name_(name_for(plan)),
      path_(folder / (name_ + ".checkpoint")),
      checkpoint_(content_of(path_)),
      out_(out),
      terminal_(terminal) {}

void LoneRun::save(const std::string& checkpoint) {
  replace_file(path_, checkpoint);
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
