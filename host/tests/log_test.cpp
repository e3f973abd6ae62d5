#include "log/log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <thread>

#include "fermata/error.hpp"
#include "temporary_folder.hpp"

using namespace fermata::host;
using Catch::Contains;
using Catch::Matches;

namespace {

LogSettings settings_for(const std::filesystem::path& file, LogFormat format) {
  LogSettings settings;
  settings.file = file.string();
  settings.format = format;
  return settings;
}

}  // namespace

TEST_CASE("a text line has time, level, plugin, message and fields") {
  const TemporaryFolder folder;
  {
    Log log(settings_for(folder / "log", LogFormat::text));
    log.logger("dimse").warning("refused", {{"ae_title", "HOROS"}, {"why", "not known"}});
  }
  CHECK_THAT(
      contents(folder / "log"),
      Matches(
          R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d warning dimse: refused ae_title=HOROS why="not known"\n)"));
}

TEST_CASE("a JSON line has the same as members") {
  const TemporaryFolder folder;
  {
    Log log(settings_for(folder / "log", LogFormat::json));
    log.logger("dimse").info("a \"b\" {}", {{"peer", "x\ny"}, {"level", "own"}, {"bad name", "v"}});
  }
  CHECK_THAT(
      contents(folder / "log"),
      Matches(
          R"(\{"time":"[^"]+","level":"info","plugin":"dimse","message":"a \\"b\\" \{\}","peer":"x\\ny","field_level":"own","bad_name":"v"\}\n)"));
}

TEST_CASE("nothing that is logged makes a second line") {
  const TemporaryFolder folder;
  for (const auto format : {LogFormat::text, LogFormat::json}) {
    std::filesystem::remove(folder / "log");
    {
      Log log(settings_for(folder / "log", format));
      log.logger("x").error("a\nb\xE2\x80\xA8\x1B[2J", {{"f\ng", "\r\n2026-01-01 error host: forged"}});
    }
    const auto text = contents(folder / "log");
    CHECK(std::count(text.begin(), text.end(), '\n') == 1);
    CHECK(text.find('\x1B') == std::string::npos);
    CHECK(text.find('\r') == std::string::npos);
  }
}

TEST_CASE("each plugin has its own level") {
  const TemporaryFolder folder;
  auto settings = settings_for(folder / "log", LogFormat::text);
  settings.level = FERMATA_LOG_WARNING;
  settings.levels["b"] = FERMATA_LOG_DEBUG;
  {
    Log log(settings);
    log.logger("a").info("silent");
    log.logger("a").warning("loud");
    log.logger("b").debug("fine");
    CHECK_FALSE(log.logger("a").enabled(FERMATA_LOG_INFO));
    CHECK(log.logger("b").enabled(FERMATA_LOG_DEBUG));
  }
  CHECK_THAT(contents(folder / "log"), !Contains("silent") && Contains("loud") && Contains("fine"));
}

TEST_CASE("after the file was moved, lines go to a new one") {
  const TemporaryFolder folder;
  Log log(settings_for(folder / "log", LogFormat::text));
  log.logger("a").info("first");
  log.flush(std::chrono::seconds(5));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  std::filesystem::rename(folder / "log", folder / "log.1");
  log.reopen();
  log.logger("a").info("second");
  for (int i = 0; i < 1000 && contents(folder / "log").empty(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  CHECK_THAT(contents(folder / "log.1"), Contains("first") && !Contains("second"));
  CHECK_THAT(contents(folder / "log"), Contains("second"));
}

TEST_CASE("a file that can't be opened anew leaves the old one in use") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "sub");
  {
    Log log(settings_for(folder / "sub/log", LogFormat::text));
    std::filesystem::rename(folder / "sub", folder / "gone");
    log.reopen();
    log.logger("a").info("still here");
  }
  CHECK_THAT(contents(folder / "gone/log"), Contains("can't be opened") && Contains("still here"));
}

TEST_CASE("a log file in no folder is an error that names it") {
  CHECK_THROWS_WITH(Log(settings_for("/nowhere/log", LogFormat::text)), Contains("/nowhere/log can't be opened"));
}

TEST_CASE("while nobody reads the log, callers go on, and no error is lost") {
  const TemporaryFolder folder;
  const auto pipe = (folder / "pipe").string();
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  std::string read_text;
  std::thread late;
  {
    Log log(settings_for(pipe, LogFormat::text));
    const std::string filling(200, 'x');
    for (int i = 0; i < 100'000; ++i) log.logger("a").info(filling);  // returns although the pipe is full
    CHECK(log.left_out() > 90'000);
    for (int i = 0; i < 100; ++i) log.logger("a").error("kept " + std::to_string(i));
    ::fcntl(reader, F_SETFL, 0);
    late = std::thread([&] {
      char part[65536];
      for (ssize_t n; (n = ::read(reader, part, sizeof part)) > 0;) read_text.append(part, static_cast<std::size_t>(n));
    });
    log.flush(std::chrono::seconds(20));
    log.logger("a").info("afterwards");
  }
  late.join();
  ::close(reader);
  for (int i = 0; i < 100; ++i) CHECK(read_text.find("kept " + std::to_string(i) + "\n") != std::string::npos);
  CHECK_THAT(read_text, Contains("lines were left out") && Contains("afterwards"));
}

TEST_CASE("the latest lines at info and above are at hand, in text whatever the format") {
  const TemporaryFolder folder;
  auto settings = settings_for(folder / "log", LogFormat::json);
  settings.level = FERMATA_LOG_DEBUG;
  settings.levels["quiet"] = FERMATA_LOG_ERROR;
  Log log(settings);
  log.logger("dimse").debug("a name");
  log.logger("quiet").warning("not wanted");
  log.logger("dimse").info("listening\n", {{"port", "104"}, {"bind address", "a b"}});
  log.logger("http").error("broken");
  const auto lines = log.recent().after(0);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].number == 1);
  CHECK(lines[0].instance == "dimse");
  CHECK(lines[0].message == "listening\\n");
  CHECK(lines[0].fields == "port=104 bind_address=\"a b\"");
  CHECK(lines[1].level == FERMATA_LOG_ERROR);
  CHECK(lines[1].fields.empty());
}

TEST_CASE("what was logged before a flush is in the file after it") {
  const TemporaryFolder folder;
  Log log(settings_for(folder / "log", LogFormat::text));
  for (int i = 0; i < 500; ++i) {
    const auto line = "line " + std::to_string(i) + " is here";
    log.logger("host").error(line);
    log.flush(std::chrono::seconds(20));
    const auto text = contents(folder / "log");
    REQUIRE(text.find(line) != std::string::npos);
  }
}
