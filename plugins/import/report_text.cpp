#include "report_text.hpp"

#include <boost/json.hpp>
#include <ostream>

#include "fermata/text_table.hpp"

namespace fermata::imports {
namespace json = boost::json;
namespace {

constexpr std::size_t kPiece = 64 * 1024;
constexpr int kMostShown = 20;

struct Row {
  Outcome outcome;
  const char* text;
};
constexpr Row kRows[] = {{Outcome::stored, "stored"},
                         {Outcome::fresh, "would be stored"},
                         {Outcome::present, "in the archive already (same UID)"},
                         {Outcome::duplicate, "duplicates (the same bytes are stored)"},
                         {Outcome::replaced, "replaced another object of the same UID"},
                         {Outcome::differs, "left out: another object has the same UID"},
                         {Outcome::refused, "refused"},
                         {Outcome::not_dicom, "not DICOM"},
                         {Outcome::unreadable, "unreadable"},
                         {Outcome::missing, "named by the source, but missing"},
                         {Outcome::lost, "stored, but not found as they should be"},
                         {Outcome::noted, "studies with labels and notes"}};

std::string csv_cell(std::string_view text) {
  std::string out = "\"";
  // A spreadsheet takes such a cell for a formula.
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) out += '\'';
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
}

std::string csv_line(const FileResult& r) {
  return csv_cell(r.file) + ',' + std::string(name_of(r.outcome)) + ',' + csv_cell(r.reason) + ',' + csv_cell(r.study) +
         ',' + csv_cell(r.series) + ',' + csv_cell(r.instance) + ',' + (r.bytes == 0 ? "" : std::to_string(r.bytes)) +
         ',' + r.checksum + "\r\n";
}

json::object json_line(const FileResult& r) {
  return {{"file", r.file},     {"outcome", name_of(r.outcome)}, {"reason", r.reason}, {"study", r.study},
          {"series", r.series}, {"instance", r.instance},        {"bytes", r.bytes},   {"checksum", r.checksum}};
}

}  // namespace

void ReportTotals::read(const std::filesystem::path& report) {
  std::error_code error;
  if (offset_ > std::filesystem::file_size(report, error)) *this = ReportTotals();  // it goes on from a shorter one
  ReportReader reader(report);
  head_ = reader.head();
  if (offset_ != 0) reader.go_to(offset_);
  for (FileResult line; reader.next(line);) {
    counts_.add(line.outcome);
    const bool kept =
        line.outcome == Outcome::stored || line.outcome == Outcome::duplicate || line.outcome == Outcome::replaced;
    bytes_ += kept ? line.bytes : 0;
    const std::pair key(line.outcome, line.reason);
    if (line.reason.empty() || line.outcome == Outcome::noted) continue;
    if (const auto known = reasons_.find(key); known != reasons_.end())
      ++known->second;
    else if (reasons_.size() < kMostReasons)
      reasons_.emplace(key, 1);
  }
  offset_ = reader.offset();
}

bool needs_attention(Outcome outcome) {
  return outcome == Outcome::differs || outcome == Outcome::refused || outcome == Outcome::unreadable ||
         outcome == Outcome::missing || outcome == Outcome::lost;
}

void write_text(std::ostream& out, const ReportTotals& totals, const std::filesystem::path& report) {
  const auto& counts = totals.counts();
  TextTable table({"Files", "What became of them"});
  table.add({std::to_string(counts.found()), "found"});
  for (const auto& [outcome, text] : kRows)
    if (counts.of(outcome) != 0) table.add({std::to_string(counts.of(outcome)), text});
  out << (totals.head().dry_run ? "Dry run of " : "Import of ") << totals.head().source << " (" << totals.head().kind
      << ")\n";
  table.print(out);
  if (!totals.reasons().empty()) {
    TextTable reasons({"Files", "Outcome", "Because"});
    for (const auto& [key, number] : totals.reasons())
      reasons.add({std::to_string(number), std::string(name_of(key.first)), key.second});
    out << "\nReasons\n";
    reasons.print(out);
  }
  ReportReader reader(report);
  int shown = 0;
  for (FileResult line; shown <= kMostShown && reader.next(line);) {
    if (!needs_attention(line.outcome)) continue;
    if (shown == 0) out << "\nTo be looked at\n";
    if (++shown <= kMostShown) out << "  " << name_of(line.outcome) << "  " << line.file << '\n';
  }
  if (shown > kMostShown) out << "  ... the report has all\n";
}

void write_csv(const std::filesystem::path& report, const std::function<bool(const FileResult&)>& wanted,
               const TakeText& take) {
  ReportReader reader(report);
  std::string piece = "file,outcome,reason,study,series,instance,bytes,checksum\r\n";
  for (FileResult line; reader.next(line);) {
    if (!wanted(line)) continue;
    piece += csv_line(line);
    if (piece.size() < kPiece) continue;
    take(piece);
    piece.clear();
  }
  take(piece);
}

void write_json(const std::filesystem::path& report, const std::function<bool(const FileResult&)>& wanted,
                const TakeText& take) {
  ReportReader reader(report);
  const auto& head = reader.head();
  std::string piece = "{\"source\":" + json::serialize(json::value(head.source)) +
                      ",\"kind\":" + json::serialize(json::value(head.kind)) +
                      ",\"dry_run\":" + (head.dry_run ? "true" : "false") + ",\"files\":[";
  bool first = true;
  for (FileResult line; reader.next(line);) {
    if (!wanted(line)) continue;
    piece += (first ? "\n" : ",\n") + json::serialize(json_line(line));
    first = false;
    if (piece.size() < kPiece) continue;
    take(piece);
    piece.clear();
  }
  take(piece + "]}\n");
}

}  // namespace fermata::imports
