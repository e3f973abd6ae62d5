#include "report_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cstring>

#include "fermata/error.hpp"
#include "open-file/open_file.hpp"

namespace fermata::imports {
namespace json = boost::json;
namespace {

constexpr int64_t kVersion = 1;
constexpr std::string_view kMark = "fermata_import_report";
constexpr std::size_t kHeld = 64 * 1024;

[[noreturn]] void fail(const char* what) {
  throw Error(errno == ENOSPC ? Code::no_space : Code::io,
              std::string("the report of an import can't be ") + what + ": " + std::strerror(errno));
}

std::string text_of(const ReportHead& head) {
  return json::serialize(
             json::object{{kMark, kVersion}, {"source", head.source}, {"kind", head.kind}, {"dry_run", head.dry_run}}) +
         '\n';
}

std::string member(const json::object& line, std::string_view name) {
  const auto* value = line.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

}  // namespace

ReportReader::ReportReader(const std::filesystem::path& path) : stream_(path, std::ios::binary) {
  std::string text;
  json::error_code error;
  if (!stream_ || !line(text)) throw Error(Code::not_found, "this import has no report");
  const auto value = json::parse(text, error);
  const auto* version = !error && value.is_object() ? value.as_object().if_contains(kMark) : nullptr;
  if (version == nullptr) throw Error(Code::not_found, "this import has no report");
  if (!version->is_int64() || version->as_int64() != kVersion)
    throw Error(Code::unsupported, "the report of this import was written by a newer program: use that");
  const auto& object = value.as_object();
  const auto* dry_run = object.if_contains("dry_run");
  head_ = {member(object, "source"), member(object, "kind"),
           dry_run != nullptr && dry_run->is_bool() && dry_run->as_bool()};
}

bool ReportReader::line(std::string& text) {
  if (!std::getline(stream_, text) || stream_.eof()) return false;  // without its end it is not whole
  offset_ += text.size() + 1;
  return true;
}

bool ReportReader::next(FileResult& result) {
  const auto before = offset_;
  std::string text;
  if (!line(text)) return false;
  json::error_code error;
  const auto value = json::parse(text, error);
  const auto outcome =
      !error && value.is_object() ? outcome_named(member(value.as_object(), "outcome")) : std::optional<Outcome>();
  if (!outcome) {
    offset_ = before;
    return false;
  }
  const auto& object = value.as_object();
  const auto* bytes = object.if_contains("bytes");
  result = {
      member(object, "file"),     *outcome,
      member(object, "reason"),   member(object, "study"),
      member(object, "series"),   member(object, "instance"),
      member(object, "checksum"), bytes != nullptr && bytes->is_int64() ? static_cast<uint64_t>(bytes->as_int64()) : 0,
      member(object, "position")};
  if (result.position.empty()) result.position = result.file;
  return true;
}

void ReportReader::go_to(uint64_t offset) {
  stream_.clear();
  stream_.seekg(static_cast<std::streamoff>(offset));
  offset_ = offset;
}

ReportWriter::ReportWriter(const std::filesystem::path& path, const ReportHead& head, uint64_t length)
    : descriptor_(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)), length_(length) {
  if (descriptor_ < 0) fail("opened");
  if (::ftruncate(descriptor_, static_cast<off_t>(length)) != 0 ||
      ::lseek(descriptor_, static_cast<off_t>(length), SEEK_SET) < 0) {
    ::close(descriptor_);
    fail("continued");
  }
  if (length != 0) return;
  held_ = text_of(head);
  sync_folder(path.parent_path());
}

ReportWriter::~ReportWriter() {
  try {
    flush();
  } catch (const std::exception&) {  // whoever needed it has called `sync`
  }
  ::close(descriptor_);
}

void ReportWriter::add(const FileResult& r) {
  json::object line{{"file", r.file}, {"outcome", name_of(r.outcome)}};
  const auto set = [&](const char* name, const std::string& value) {
    if (!value.empty()) line[name] = value;
  };
  set("reason", r.reason);
  set("study", r.study);
  set("series", r.series);
  set("instance", r.instance);
  set("checksum", r.checksum);
  if (r.bytes != 0) line["bytes"] = static_cast<int64_t>(r.bytes);
  if (r.position != r.file) set("position", r.position);
  held_ += json::serialize(line);
  held_ += '\n';
  if (held_.size() >= kHeld) flush();
}

void ReportWriter::flush() {
  while (!held_.empty()) {
    const auto count = ::write(descriptor_, held_.data(), held_.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("written");
    held_.erase(0, static_cast<std::size_t>(count));
    length_ += static_cast<uint64_t>(count);
  }
}

void ReportWriter::sync() {
  flush();
  if (::fdatasync(descriptor_) != 0) fail("made durable");
}

}  // namespace fermata::imports
