#pragma once
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "file_result.hpp"

namespace fermata::imports {

/// What a report is about: its first line.
struct ReportHead {
  std::string source;
  std::string kind;
  bool dry_run = false;
};

/// Reads a report from its beginning, a line at a time.
///
/// A line that is cut short or damaged, as a power cut may leave it at the end, is where it ends. **Errors**:
/// not_found, unsupported (a newer version).
class ReportReader {
 public:
  explicit ReportReader(const std::filesystem::path& path);

  const ReportHead& head() const { return head_; }
  bool next(FileResult& result);
  /// Where the line that comes next begins.
  uint64_t offset() const { return offset_; }
  void go_to(uint64_t offset);

 private:
  bool line(std::string& text);

  std::ifstream stream_;
  ReportHead head_;
  uint64_t offset_ = 0;
};

/// Adds lines to a report: JSON objects, one a line; format 1.
///
/// **Thread**: one at a time. **Durability**: what was added before `sync` survives a power cut; what was added at all,
/// the end of the process if `flush` came after it. **Errors**: io, no_space.
class ReportWriter {
 public:
  /// Goes on after `length` bytes of what is there; 0: anew, with this head.
  ReportWriter(const std::filesystem::path& path, const ReportHead& head, uint64_t length);
  ~ReportWriter();
  ReportWriter(const ReportWriter&) = delete;
  ReportWriter& operator=(const ReportWriter&) = delete;

  void add(const FileResult& result);
  void flush();
  void sync();
  /// Of all that was added.
  uint64_t length() const { return length_ + held_.size(); }

 private:
  const int descriptor_;
  uint64_t length_;
  std::string held_;
};

}  // namespace fermata::imports
