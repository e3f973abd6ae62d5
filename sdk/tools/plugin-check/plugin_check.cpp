#include "plugin_check.hpp"

#include <string.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <sstream>
#include <stdexcept>

#include "catch_run.hpp"
#include "child_process.hpp"
#include "fermata/error.hpp"

namespace fermata::plugin_check {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::minutes kLargeLimit{60};

/// A folder for one case; gone with it.
class CaseFolder {
 public:
  CaseFolder() {
    auto name = (fs::temp_directory_path() / "fermata-check-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw Error(Code::io, "no folder can be made in " + name);
    path_ = name;
  }
  ~CaseFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  CaseFolder(const CaseFolder&) = delete;
  CaseFolder& operator=(const CaseFolder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

/// A service id, and whether a stand-in provides it: one line each, for the parent.
std::string as_lines(const Described& plugin) {
  std::string out = plugin.id + '\n' + plugin.version + '\n' + plugin.toolchain + '\n';
  for (const auto& id : plugin.provides) out += "+" + id + '\n';
  for (const auto& id : plugin.stood_in_for) out += "-" + id + '\n';
  return out;
}

Described from_lines(const std::string& text) {
  Described plugin;
  std::istringstream lines(text);
  std::getline(lines, plugin.id);
  std::getline(lines, plugin.version);
  std::getline(lines, plugin.toolchain);
  for (std::string line; std::getline(lines, line);)
    (line[0] == '+' ? plugin.provides : plugin.stood_in_for).push_back(line.substr(1));
  return plugin;
}

/// Reads entry, schema and configuration. **Errors**: Error invalid with what a child that could not do it has said.
Described describe(const CheckOptions& options) {
  const CaseFolder folder;
  const auto ending = run_in_child(options.limit, [&] {
    try {
      std::cout << as_lines(PluginScene(options, folder.path(), "").described());
      return 0;
    } catch (const Error& error) {
      std::cout << error.what() << '\n';
      return 1;
    }
  });
  if (ending.kind == Ending::Kind::killed_by_signal)
    throw Error(Code::invalid,
                "the library ends the process that loads it: " + std::string(::strsignal(ending.number)));
  if (ending.kind == Ending::Kind::took_too_long) throw Error(Code::invalid, "the library can't be loaded in time");
  if (ending.number != 0) throw Error(Code::invalid, ending.output);
  return from_lines(ending.output);
}

}  // namespace

std::vector<Case> PluginCheck::wanted_cases(const Described& plugin) const {
  std::vector<Case> wanted;
  for (auto& c : cases_for(plugin)) {
    if (c.large && !options_.large) continue;
    if (options_.include && !std::regex_search(c.title(), *options_.include)) continue;
    wanted.push_back(std::move(c));
  }
  return wanted;
}

Result PluginCheck::run_case(const Case& c) const {
  const CaseFolder folder;
  const std::chrono::milliseconds limit = c.large ? kLargeLimit : options_.limit;
  const auto ending = run_in_child(limit, [&] {
    return run_with_catch(c.title(), [&] {
      PluginScene scene(options_, folder.path(), c.service);
      c.run(scene);
      scene.close();
    });
  });
  Result result{c.suite, c.name, Result::Kind::passed, "", ending.output, ending.time};
  if (ending.kind == Ending::Kind::killed_by_signal) {
    result.kind = Result::Kind::crashed;
    result.what = ::strsignal(ending.number);
  } else if (ending.kind == Ending::Kind::took_too_long) {
    result.kind = Result::Kind::hung;
    result.what = "no end after " + std::to_string(limit.count() / 1000) + " s";
  } else if (ending.number == kCaseSkipped) {
    result.kind = Result::Kind::skipped;
    const auto& text = ending.output;
    const auto last = text.find_last_not_of('\n');
    result.what = text.substr(text.rfind('\n', last) + 1, last - text.rfind('\n', last));
  } else if (ending.number != kCasePassed) {
    result.kind = Result::Kind::failed;
  }
  return result;
}

int PluginCheck::run() {
  const auto plugin = describe(options_);
  const auto cases = wanted_cases(plugin);
  if (options_.list) {
    for (const auto& c : cases) std::cout << c.title() << '\n';
    return 0;
  }
  if (cases.empty()) throw std::invalid_argument("there is no such case: see --list");
  std::cout << plugin.id << ' ' << plugin.version << ", built by " << plugin.toolchain << ", provides";
  for (const auto& id : plugin.provides) std::cout << ' ' << id;
  std::cout << (plugin.provides.empty() ? " nothing" : "") << std::endl;

  std::vector<Result> results;
  for (const auto& c : cases) {
    results.push_back(run_case(c));
    print(results.back(), std::cout);
    std::cout.flush();
  }
  std::cout << total(results) << '\n';
  if (options_.junit) write_junit(*options_.junit, plugin.id, results);
  return std::all_of(results.begin(), results.end(), [](const Result& r) { return r.good(); }) ? 0 : 1;
}

}  // namespace fermata::plugin_check
