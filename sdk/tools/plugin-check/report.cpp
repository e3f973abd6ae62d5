#include "report.hpp"

#include <algorithm>
#include <fstream>
#include <iomanip>
#include <sstream>

#include "fermata/error.hpp"

namespace fermata::plugin_check {
namespace {

const char* word(Result::Kind kind) {
  switch (kind) {
    case Result::Kind::passed:
      return "ok";
    case Result::Kind::failed:
      return "FAILED";
    case Result::Kind::crashed:
      return "CRASHED";
    case Result::Kind::hung:
      return "HUNG";
    case Result::Kind::skipped:
      return "skipped";
  }
  return "";
}

/// For XML 1.0, which has no way at all to write most control characters.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t')
      out += '?';
    else
      out += c;
  }
  return out;
}

std::size_t count(const std::vector<Result>& results, bool (*is)(const Result&)) {
  return static_cast<std::size_t>(std::count_if(results.begin(), results.end(), is));
}
bool is_bad(const Result& r) { return !r.good(); }
bool is_skipped(const Result& r) { return r.kind == Result::Kind::skipped; }

}  // namespace

void print(const Result& result, std::ostream& out) {
  out << std::left << std::setw(8) << word(result.kind) << std::right << std::fixed << std::setprecision(2)
      << std::setw(7) << result.time.count() << " s  " << result.suite << ": " << result.name;
  if (!result.what.empty()) out << " (" << result.what << ')';
  out << '\n';
  if (result.good()) return;
  std::istringstream lines(result.output);
  for (std::string line; std::getline(lines, line);) out << "    " << line << '\n';
}

std::string total(const std::vector<Result>& results) {
  const auto bad = count(results, is_bad);
  const auto skipped = count(results, is_skipped);
  return std::to_string(results.size() - bad - skipped) + " passed, " + std::to_string(bad) + " failed, " +
         std::to_string(skipped) + " skipped";
}

void write_junit(const std::filesystem::path& file, const std::string& plugin, const std::vector<Result>& results) {
  std::ofstream out(file);
  out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"" << escaped(plugin) << "\" tests=\""
      << results.size() << "\" failures=\"" << count(results, is_bad) << "\" skipped=\"" << count(results, is_skipped)
      << "\">\n";
  for (const auto& result : results) {
    out << "  <testcase classname=\"" << escaped(plugin + '.' + result.suite) << "\" name=\"" << escaped(result.name)
        << "\" time=\"" << result.time.count() << "\"";
    if (result.kind == Result::Kind::passed) {
      out << "/>\n";
      continue;
    }
    const auto* tag = result.good() ? "skipped" : "failure";
    out << ">\n    <" << tag << " message=\"" << escaped(result.what.empty() ? word(result.kind) : result.what) << "\">"
        << (result.good() ? "" : escaped(result.output)) << "</" << tag << ">\n  </testcase>\n";
  }
  out << "</testsuite>\n";
  out.close();
  if (!out) throw Error(Code::io, "the report can't be written to " + file.string());
}

}  // namespace fermata::plugin_check
