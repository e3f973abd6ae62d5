#include "options.hpp"

#include <algorithm>
#include <boost/program_options.hpp>
#include <sstream>

#include "configuration/nearest_name.hpp"
#include "fermata/error.hpp"

namespace fermata::host {
namespace {

namespace po = boost::program_options;

constexpr const char* kNewPlugin = "new-plugin";  // the one verb of the program with words of its own
constexpr const char* kUsualConfig = "/etc/fermata/fermata.yaml";

po::options_description described_options() {
  po::options_description options("Options");
  options.add_options()                                                                                       //
      ("config,c", po::value<std::string>()->value_name("FILE"),                                              //
       "the configuration; otherwise FERMATA_CONFIG, or /etc/fermata/fermata.yaml if there is one")           //
      ("set", po::value<std::vector<std::string>>()->value_name("OPTION=VALUE"),                              //
       "one option other than in the configuration, such as plugins.dimse.config.port=104; may be repeated")  //
      ("plugin-dir", po::value<std::vector<std::string>>()->value_name("FOLDER"),                             //
       "where to look for plugins first; may be repeated")                                                    //
      ("help,h", "shows this")                                                                                //
      ("version,V", "shows the version");
  return options;
}

bool is_built_in(const std::string& verb) {
  const auto& verbs = built_in_verbs();
  return std::find(verbs.begin(), verbs.end(), verb) != verbs.end();
}

Override parse_override(const std::string& text) {
  const auto separator = text.find('=');
  if (separator == std::string::npos || separator == 0)
    throw Error(Code::invalid, "--set " + text + " has no value; write --set plugins.dimse.config.port=104");
  return {text.substr(0, separator), text.substr(separator + 1)};
}

std::optional<std::filesystem::path> usual_config(const Environment& environment) {
  if (const auto named = environment("FERMATA_CONFIG"); named && !named->empty()) return *named;
  std::error_code error;
  if (std::filesystem::exists(kUsualConfig, error)) return kUsualConfig;
  return {};
}

/// The number of words up to and with the verb: what follows the verb of a plugin is the plugin's, apart from the
/// options that take a value here.
std::size_t verb_position(const std::vector<std::string>& words) {
  static const std::vector<std::string> kWithValue{"--config", "-c", "--set", "--plugin-dir"};
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (std::find(kWithValue.begin(), kWithValue.end(), words[i]) != kWithValue.end())
      ++i;
    else if (!words[i].starts_with('-'))
      return i;
  }
  return words.size();
}

[[noreturn]] void refuse_unknown(const std::string& word) {
  static const std::vector<std::string> kOptions{"--config", "--set", "--plugin-dir", "--help", "--version"};
  if (word.starts_with('-')) throw Error(Code::invalid, "unknown option \"" + word + '"' + hint(word, kOptions));
  throw Error(Code::invalid, "\"" + word + "\" is one argument too many; see fermata --help");
}

}  // namespace

const std::vector<std::string>& built_in_verbs() {
  static const std::vector<std::string> kVerbs{"serve",         "check",       "plugins", "commands",
                                               "config-schema", "config-docs", kNewPlugin};
  return kVerbs;
}

Options Options::parse(const std::vector<std::string>& words, const Environment& environment) {
  Options out;
  auto own_words = words;
  const auto position = verb_position(words);
  if (position < words.size()) {
    out.verb = words[position];
    own_words.erase(own_words.begin() + static_cast<std::ptrdiff_t>(position));
  }
  const bool foreign = !out.verb.empty() && !is_built_in(out.verb);
  const bool has_words = foreign || out.verb == kNewPlugin;

  const auto options = described_options();
  const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
  // What Boost can't place is kept as it was written, in its order: a plugin's verb understands it.
  po::variables_map values;
  try {
    auto parser = po::command_line_parser(own_words);
    const auto parsed = parser.options(options).style(style).allow_unregistered().run();
    out.arguments = po::collect_unrecognized(parsed.options, po::include_positional);
    po::store(parsed, values);
  } catch (const po::error& e) {
    throw Error(Code::invalid, std::string(e.what()) + "; see fermata --help");
  }
  if (!has_words && !out.arguments.empty()) refuse_unknown(out.arguments.front());

  out.help = values.count("help") != 0;
  out.version = values.count("version") != 0;
  if (foreign && out.help) {
    out.help = false;
    out.arguments.emplace_back("--help");
  }
  if (values.count("config") != 0) out.config = values["config"].as<std::string>();
  if (!out.config) out.config = usual_config(environment);
  if (values.count("set") != 0)
    for (const auto& text : values["set"].as<std::vector<std::string>>()) out.overrides.push_back(parse_override(text));
  if (values.count("plugin-dir") != 0)
    for (const auto& folder : values["plugin-dir"].as<std::vector<std::string>>()) out.plugin_dirs.emplace_back(folder);
  return out;
}

std::string usage() {
  std::ostringstream out;
  out << "Usage: fermata VERB [--config FILE] [options]\n\n"
         "Verbs\n"
         "  serve          runs the archive until SIGTERM or Ctrl-C; SIGHUP opens the log file anew\n"
         "  check          tells whether the configuration and the plugins would work, without starting them\n"
         "  plugins        lists the plugins, and what they provide and need\n"
         "  commands       lists the verbs that the plugins add\n"
         "  config-schema  writes a JSON Schema of the configuration file, for editors\n"
         "  config-docs    writes a reference of all options, as Markdown\n"
         "  new-plugin     NAME --kind KIND [--folder FOLDER]: writes the project of a new plugin, which builds, "
         "tests\n"
         "                 and packages itself; kinds are blob-store, dimse-service, http-routes, index, ingest-hook\n"
         "  any other verb is a command of a plugin, such as user, nodes, verify, backup: \"commands\" lists them, "
         "and\n"
         "                 \"fermata VERB --help\" says more. It is run by the program that serves, if there is one "
         "and\n"
         "                 it can; otherwise it starts the plugins, runs the command and stops them\n\n"
      << described_options()
      << "\nExit codes\n"
         "   0  done            64  wrong command line      69  a plugin that is required could not start\n"
         "  70  failed running  78  wrong configuration     others: of a plugin's command\n";
  return out.str();
}

}  // namespace fermata::host
