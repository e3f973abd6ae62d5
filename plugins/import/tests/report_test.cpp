#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <iterator>
#include <sstream>

#include "fermata/testing/threads_and_errors.hpp"
#include "lone_run.hpp"
#include "report_file.hpp"
#include "report_text.hpp"
#include "scene.hpp"

using namespace fermata;
using namespace fermata::imports;
using namespace fermata::imports::testing;
using fermata::testing::code_of;

namespace {

FileResult line(const std::string& file, Outcome outcome, const std::string& reason = "") {
  FileResult result;
  result.file = result.position = file;
  result.outcome = outcome;
  result.reason = reason;
  return result;
}

Texts files_in(const fs::path& report) {
  ReportReader reader(report);
  Texts all;
  for (FileResult result; reader.next(result);) all.push_back(result.file);
  return all;
}

std::string content(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string csv_of(const fs::path& report) {
  std::string csv;
  write_csv(
      report, [](const auto&) { return true; }, [&](std::string_view text) { csv += text; });
  return csv;
}

}  // namespace

TEST_CASE("a report that was cut at any byte is read up to its last whole line, and goes on from there") {
  const Folder folder;
  const auto path = folder / "1.report";
  {
    ReportWriter writer(path, {"/source", "folder", false}, 0);
    for (const auto* name : {"a", "b", "c"}) writer.add(line(name, Outcome::stored));
    writer.sync();
  }
  const auto whole = content(path);
  const auto head = whole.find('\n') + 1;
  for (std::size_t length = head; length < whole.size(); ++length) {
    folder.write("1.report", whole.substr(0, length));
    const auto before = files_in(path);
    ReportReader reader(path);
    FileResult last;
    while (reader.next(last)) {
    }
    {
      ReportWriter writer(path, reader.head(), reader.offset());
      writer.add(line("d", Outcome::refused));
      writer.sync();
    }
    auto expected = before;
    expected.emplace_back("d");
    CHECK(files_in(path) == expected);
  }
}

TEST_CASE("what a power cut leaves at the end of a report ends it") {
  const Folder folder;
  const auto path = folder / "1.report";
  {
    ReportWriter writer(path, {"/source", "folder", false}, 0);
    writer.add(line("a", Outcome::stored));
  }
  std::ofstream(path, std::ios::app) << std::string(100, '\0') << "\n{\"file\":\"z\",\"outcome\":\"stored\"}\n";
  CHECK(files_in(path) == Texts{"a"});
}

TEST_CASE("a report of a newer program is left alone") {
  const Folder folder;
  const auto path = folder.write("1.report", "{\"fermata_import_report\":2}\n");
  CHECK(code_of([&] { ReportReader reader(path); }) == Code::unsupported);
  CHECK(code_of([&] { ReportReader reader(folder / "2.report"); }) == Code::not_found);
}

TEST_CASE("a report is shown as a table, as CSV and as JSON") {
  const Folder folder;
  const auto path = folder / "1.report";
  {
    ReportWriter writer(path, {"/source", "horos", false}, 0);
    auto stored = line("a \"quoted\", file", Outcome::stored);
    stored.study = "1.2";
    stored.bytes = 10;
    writer.add(stored);
    writer.add(line("=SUM(A1)", Outcome::refused, "it is too large"));
    writer.add(line("c", Outcome::refused, "it is too large"));
  }
  ReportTotals totals;
  totals.read(path);
  CHECK(totals.counts().found() == 3);
  CHECK(totals.bytes() == 10);
  std::ostringstream out;
  write_text(out, totals, path);
  CHECK(out.str() ==
        "Import of /source (horos)\n"
        "  Files  What became of them\n"
        "  3      found\n"
        "  1      stored\n"
        "  2      refused\n"
        "\nReasons\n"
        "  Files  Outcome  Because\n"
        "  2      refused  it is too large\n"
        "\nTo be looked at\n"
        "  refused  =SUM(A1)\n"
        "  refused  c\n");
  CHECK(csv_of(path) ==
        "file,outcome,reason,study,series,instance,bytes,checksum\r\n"
        "\"a \"\"quoted\"\", file\",stored,\"\",\"1.2\",\"\",\"\",10,\r\n"
        "\"'=SUM(A1)\",refused,\"it is too large\",\"\",\"\",\"\",,\r\n"
        "\"c\",refused,\"it is too large\",\"\",\"\",\"\",,\r\n");
  std::string json;
  write_json(
      path, [](const auto& r) { return needs_attention(r.outcome); }, [&](std::string_view text) { json += text; });
  const auto parsed = boost::json::parse(json).as_object();
  CHECK(parsed.at("kind") == "horos");
  CHECK(parsed.at("files").as_array().size() == 2);
}

TEST_CASE("totals go on with a report that has grown") {
  const Folder folder;
  const auto path = folder / "1.report";
  ReportWriter writer(path, {"/source", "folder", false}, 0);
  ReportTotals totals;
  for (uint64_t i = 1; i <= 3; ++i) {
    writer.add(line("a", Outcome::stored));
    writer.flush();
    totals.read(path);
    CHECK(totals.counts().of(Outcome::stored) == i);
  }
}

TEST_CASE("the checkpoint of an import without a queue is the old one or the new one, whatever is left beside it") {
  const Folder folder;
  ImportPlan plan;
  plan.kind = "folder";
  plan.source = "/source";
  std::ostringstream out;
  LoneRun run(plan, folder.path(), out, false);
  CHECK(run.checkpoint().empty());
  run.save("one");
  folder.write(run.name() + ".checkpoint.new", "tw");  // a kill while the next one was written
  LoneRun again(plan, folder.path(), out, false);
  CHECK(again.name() == run.name());
  CHECK(again.checkpoint() == "one");
  again.save("two");
  CHECK(LoneRun(plan, folder.path(), out, false).checkpoint() == "two");
  again.ended();
  CHECK(LoneRun(plan, folder.path(), out, false).checkpoint().empty());
  plan.dry_run = true;
  CHECK(LoneRun(plan, folder.path(), out, false).name() != run.name());
}
