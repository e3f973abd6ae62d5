#include "check_options.hpp"

#include <boost/program_options.hpp>
#include <sstream>

#include "fermata/error.hpp"

namespace fermata::plugin_check {
namespace {

namespace po = boost::program_options;

po::options_description described_options() {
  po::options_description options("Options");
  options.add_options()                                           //
      ("config,c", po::value<std::string>()->value_name("FILE"),  //
       "a configuration of Fermata with the plugin among its plugins. ${FERMATA_CHECK_FOLDER} stands in it for a "
       "folder that is new and empty for each case. Without it, the plugin gets no options")                      //
      ("list", "names the cases and runs none")                                                                   //
      ("include", po::value<std::string>()->value_name("RE"), "only cases in whose \"suite: case\" it is found")  //
      ("junit", po::value<std::string>()->value_name("FILE"), "writes a report for machines as well")             //
      ("limit", po::value<unsigned>()->value_name("SECONDS")->default_value(60), "how long one case may take")    //
      ("large", "also runs what takes long and some gigabytes")                                                   //
      ("in-memory", "the plugin keeps nothing: leaves out what has to survive its end")                           //
      ("help,h", "shows this")                                                                                    //
      ("version,V", "shows the version");
  return options;
}

std::regex expression(const std::string& text) {
  try {
    return std::regex(text);
  } catch (const std::regex_error&) {
    throw Error(Code::invalid, "--include " + text + " is no regular expression");
  }
}

}  // namespace

CheckOptions CheckOptions::parse(const std::vector<std::string>& words) {
  auto all = described_options();
  all.add_options()("library", po::value<std::string>());
  po::positional_options_description positions;
  positions.add("library", 1);
  const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
  po::variables_map values;
  try {
    po::store(po::command_line_parser(words).options(all).positional(positions).style(style).run(), values);
    po::notify(values);
  } catch (const po::error& e) {
    throw Error(Code::invalid, std::string(e.what()) + "; see fermata-plugin-check --help");
  }
  CheckOptions out;
  const auto text = [&](const char* name) -> std::optional<std::string> {
    if (values.count(name) == 0) return {};
    return values[name].as<std::string>();
  };
  out.help = values.count("help") != 0;
  out.version = values.count("version") != 0;
  out.list = values.count("list") != 0;
  out.large = values.count("large") != 0;
  out.in_memory = values.count("in-memory") != 0;
  out.limit = std::chrono::seconds(values["limit"].as<unsigned>());
  out.config = text("config");
  out.junit = text("junit");
  if (const auto given = text("include")) out.include = expression(*given);
  if (const auto given = text("library")) out.library = *given;
  if (out.library.empty() && !out.help && !out.version)
    throw Error(Code::invalid, "name the plugin's library; see fermata-plugin-check --help");
  return out;
}

std::string CheckOptions::usage() {
  std::ostringstream out;
  out << "Usage: fermata-plugin-check LIBRARY [options]\n\n"
         "Loads a plugin as Fermata would and tries whether it does what the interfaces it provides promise. Each "
         "case\n"
         "runs in a process of its own. What the plugin needs and no plugin of the configuration provides, it gets in\n"
         "memory: a blob store, an index, a state store, and places to register DIMSE services and HTTP routes.\n\n"
      << described_options()
      << "\nExit codes\n"
         "   0  every case passed   1  some did not   64  wrong command line\n"
         "  78  the library or the configuration can't be used\n";
  return out.str();
}

}  // namespace fermata::plugin_check
