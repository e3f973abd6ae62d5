#include "manifest.hpp"

#include <cerrno>
#include <charconv>

namespace fermata::backup {
namespace {

std::optional<Checksum> parse_checksum(std::string_view text) {
  Checksum checksum{};
  if (text.size() != 2 * checksum.size()) return {};
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) return {};
    checksum[i / 2] = static_cast<uint8_t>((checksum[i / 2] << 4) | digit);
  }
  return checksum;
}

constexpr std::string_view kFormat = "fermata-backup 1";
constexpr std::string_view kKind = "fermata-backup ";
constexpr std::size_t kBuffer = std::size_t{1} << 20;
constexpr std::size_t kLongestName = 1300;

/// Takes a word off the front of a line.
std::string_view word(std::string_view& line) {
  const auto space = line.find(' ');
  const auto word = line.substr(0, space);
  line.remove_prefix(space == std::string_view::npos ? line.size() : space + 1);
  return word;
}

bool number(std::string_view text, uint64_t& value) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failed == std::errc() && end == text.data() + text.size();
}

bool starts_with(const std::string& line, std::string_view start) { return line.compare(0, start.size(), start) == 0; }

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

}  // namespace

bool is_safe_name(std::string_view name) {
  if (name.empty() || name.size() > kLongestName) return false;
  while (true) {
    const auto slash = name.find('/');
    const auto segment = name.substr(0, slash);
    if (segment.empty() || segment == "." || segment == "..") return false;
    for (const char c : segment)
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
    if (slash == std::string_view::npos) return true;
    name.remove_prefix(slash + 1);
  }
}

ManifestWriter::ManifestWriter(const std::filesystem::path& folder, const std::string& id,
                               const std::vector<ManifestSource>& sources)
    : file_(OpenFile::create(folder / kFileName)) {
  line(std::string(kFormat));
  line("id " + id);
  for (const auto& source : sources) line("source " + source.name + ' ' + source.place);
  line("");
}

void ManifestWriter::line(const std::string& text) {
  const auto at = waiting_.size();
  waiting_ += text;
  waiting_ += '\n';
  checksum_.add(bytes_of(std::string_view(waiting_).substr(at)));
}

void ManifestWriter::add(const ManifestFile& file) {
  line("file " + hexadecimal(file.checksum) + ' ' + std::to_string(file.length) + ' ' + std::to_string(file.version) +
       ' ' + file.name);
  ++files_;
  bytes_ += file.length;
}

void ManifestWriter::add_unreadable(const std::string& name) { line("unreadable " + name); }

void ManifestWriter::flush() {
  file_.write(bytes_of(waiting_));
  waiting_.clear();
  file_.sync();
}

void ManifestWriter::finish() {
  line("total " + std::to_string(files_) + ' ' + std::to_string(bytes_));
  const auto checksum = checksum_.value();
  line("checksum " + hexadecimal(checksum));
  flush();
}

ManifestReader::ManifestReader(const std::filesystem::path& folder)
    : path_((folder / ManifestWriter::kFileName).string()), file_(std::fopen(path_.c_str(), "re")) {
  if (!file_) throw system_error(errno, "open " + path_);
  std::setvbuf(file_.get(), nullptr, _IOFBF, kBuffer);
  read_head();
}

void ManifestReader::fail(const std::string& what) const {
  throw Error(Code::corrupt, path_ + " is damaged (" + what + "): use another backup");
}

/// Without its line feed. False at the end, also in the middle of a line.
bool ManifestReader::read_line() {
  line_.clear();
  before_line_ = checksum_.value();
  for (int c = 0; (c = std::getc(file_.get())) != EOF;) {
    if (c == '\n') {
      checksum_.add(bytes_of(line_));
      checksum_.add(bytes_of("\n"));
      return true;
    }
    line_ += static_cast<char>(c);
    if (line_.size() > 4 * kLongestName) fail("a line has no end");
  }
  if (std::ferror(file_.get()) != 0) throw system_error(errno, "read " + path_);
  return false;
}

void ManifestReader::read_head() {
  if (!read_line() || !starts_with(line_, kKind)) fail("it does not begin as a manifest");
  if (line_ != kFormat)
    throw Error(Code::unsupported, path_ + " has a format of a newer version (" + line_ + "): use that version");
  while (read_line() && !line_.empty()) {
    std::string_view rest = line_;
    const auto kind = word(rest);
    if (kind == "id") id_ = rest;
    if (kind != "source") continue;
    const std::string name(word(rest));
    if (!is_safe_name(name) || name.find('/') != std::string::npos) fail("a source has no name");
    sources_.push_back({name, std::string(rest)});
  }
}

bool ManifestReader::next(ManifestFile& file) {
  while (read_line()) {
    std::string_view rest = line_;
    const auto kind = word(rest);
    if (kind == "unreadable") {
      unreadable_.emplace_back(rest);
      continue;
    }
    if (kind == "total") {
      read_end();
      return false;
    }
    const auto checksum = kind == "file" ? parse_checksum(word(rest)) : std::nullopt;
    if (!checksum || !number(word(rest), file.length) || !number(word(rest), file.version) || !is_safe_name(rest))
      fail("a line makes no sense");
    file.checksum = *checksum;
    file.name = rest;
    ++files_;
    bytes_ += file.length;
    return true;
  }
  return false;
}

void ManifestReader::read_end() {
  std::string_view rest = line_;
  word(rest);
  uint64_t files = 0;
  uint64_t size = 0;
  const bool counted = number(word(rest), files) && number(rest, size) && files == files_ && size == bytes_;
  if (!read_line()) return;
  complete_ = counted && line_ == "checksum " + hexadecimal(before_line_);
}

}  // namespace fermata::backup
