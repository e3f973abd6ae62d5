#include "import_state.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "fermata/error.hpp"

namespace fermata::imports {
namespace json = boost::json;
namespace {

constexpr int64_t kVersion = 1;
constexpr std::array<std::string_view, 4> kPhases{"files", "verification", "notes", "done"};

ImportState read(const json::object& kept) {
  const auto number = [&](const char* name) { return kept.at(name).to_number<uint64_t>(); };
  const auto phase = json::value_to<std::string>(kept.at("phase"));
  const auto* const found = std::find(kPhases.begin(), kPhases.end(), phase);
  if (found == kPhases.end()) throw Error(Code::invalid, "there is no phase " + phase);
  return {static_cast<ImportState::Phase>(found - kPhases.begin()),
          number("total"),
          number("report"),
          number("offset"),
          number("verified"),
          number("edited")};
}

}  // namespace

std::string_view name_of(ImportState::Phase phase) { return kPhases[static_cast<std::size_t>(phase)]; }

std::string ImportState::to_json() const {
  return json::serialize(json::object{{"version", kVersion},
                                      {"phase", name_of(phase)},
                                      {"total", total},
                                      {"report", report},
                                      {"offset", offset},
                                      {"verified", verified},
                                      {"edited", edited}});
}

ImportState ImportState::from_json(std::string_view text) {
  if (text.empty()) return {};
  int64_t version = 0;
  try {
    const auto kept = json::parse(text).as_object();
    version = kept.at("version").to_number<int64_t>();
    if (version == kVersion) return read(kept);
  } catch (const std::exception& error) {
    throw Error(Code::invalid, std::string("how far an import was can't be read: ") + error.what());
  }
  throw Error(Code::unsupported, "how far an import was is kept by a newer program: use that");
}

}  // namespace fermata::imports
