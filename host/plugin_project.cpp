#include "plugin_project.hpp"

#include <algorithm>
#include <boost/program_options.hpp>
#include <fstream>
#include <sstream>
#include <utility>

#include "configuration/nearest_name.hpp"
#include "fermata/dicom/uid.hpp"
#include "fermata/error.hpp"

namespace fermata::host {
namespace {

namespace fs = std::filesystem;
namespace po = boost::program_options;

using Replacement = std::pair<std::string, std::string>;

/// As a plugin's instance is named, and begins with a letter: it becomes a C++ namespace as well.
bool is_plugin_name(const std::string& name) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !name.empty() && name.size() <= 40 && name.front() >= 'a' && name.front() <= 'z' && name.back() != '-' &&
         name.find("--") == name.npos && std::all_of(name.begin(), name.end(), allowed);
}

std::string replaced(std::string text, const std::vector<Replacement>& replacements) {
  for (const auto& [mark, value] : replacements)
    for (auto at = text.find(mark); at != text.npos; at = text.find(mark, at + value.size()))
      text.replace(at, mark.size(), value);
  return text;
}

std::vector<std::string> kinds_in(const fs::path& templates) {
  std::vector<std::string> kinds;
  std::error_code error;
  for (fs::directory_iterator entry(templates, error), end; !error && entry != end; entry.increment(error))
    if (entry->is_directory()) kinds.push_back(entry->path().filename().string());
  std::sort(kinds.begin(), kinds.end());
  return kinds;
}

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) throw Error(Code::io, file.string() + " can't be read; install the SDK again");
  return text.str();
}

void write(const fs::path& file, const std::string& text) {
  std::error_code ignored;
  fs::create_directories(file.parent_path(), ignored);
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  if (!out) throw Error(Code::io, file.string() + " can't be written; choose another place with --folder");
}

}  // namespace

PluginProject PluginProject::parse(const std::vector<std::string>& words) {
  po::options_description options;
  options.add_options()("name", po::value<std::string>())("kind", po::value<std::string>())("folder",
                                                                                            po::value<std::string>());
  po::positional_options_description positions;
  positions.add("name", 1);
  const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
  po::variables_map values;
  try {
    po::store(po::command_line_parser(words).options(options).positional(positions).style(style).run(), values);
  } catch (const po::error& e) {
    throw Error(Code::invalid, std::string(e.what()) + "; see fermata --help");
  }
  const auto text = [&](const char* option) {
    return values.count(option) == 0 ? "" : values[option].as<std::string>();
  };
  PluginProject project{text("name"), text("kind"), text("folder")};
  if (project.name.empty() || project.kind.empty())
    throw Error(Code::invalid, "write it as fermata new-plugin my-store --kind blob-store");
  if (!is_plugin_name(project.name))
    throw Error(Code::invalid,
                "\"" + project.name +
                    "\" can't be the name of a plugin: it is words of a-z and 0-9 joined by single \"-\", "
                    "begins with a letter and has at most 40 characters");
  if (project.folder.empty()) project.folder = project.name;
  return project;
}

void write_plugin_project(const PluginProject& project, const fs::path& templates) {
  const auto kinds = kinds_in(templates);
  if (kinds.empty())
    throw Error(Code::unavailable,
                "there are no templates in " + templates.string() + "; install Fermata's SDK beside the program");
  if (std::find(kinds.begin(), kinds.end(), project.kind) == kinds.end()) {
    std::string all;
    for (const auto& kind : kinds) all += (all.empty() ? "" : ", ") + kind;
    throw Error(Code::invalid, "there is no kind \"" + project.kind + "\" of plugin" + hint(project.kind, kinds) +
                                   "; there are " + all);
  }
  std::error_code error;
  if (fs::exists(project.folder, error) && !fs::is_empty(project.folder, error))
    throw Error(Code::invalid, project.folder.string() + " is there and not empty; choose another one with --folder");

  auto name_space = project.name;
  std::replace(name_space.begin(), name_space.end(), '-', '_');
  const std::vector<Replacement> replacements{
      {"your-plugin", project.name}, {"your_plugin", name_space}, {"your-uid", dicom::new_uid()}};
  const auto from = templates / project.kind;
  for (const auto& entry : fs::recursive_directory_iterator(from))
    if (entry.is_regular_file())
      write(project.folder / entry.path().lexically_relative(from), replaced(read(entry.path()), replacements));
}

fs::path built_in_templates() {
  std::error_code error;
  const auto program = fs::read_symlink("/proc/self/exe", error);
  return program.parent_path().parent_path() / FERMATA_TEMPLATE_DIR;
}

}  // namespace fermata::host
