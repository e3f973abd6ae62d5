#include "send_parameters.hpp"

#include <boost/json.hpp>

#include "fermata/error.hpp"

namespace fermata::transfers {
namespace {

namespace json = boost::json;

constexpr int64_t kVersion = 1;

std::string counted(std::size_t count, const char* one, const char* several) {
  return std::to_string(count) + " " + (count == 1 ? one : several);
}

}  // namespace

std::string SendParameters::to_json() const {
  return json::serialize(json::object{{"version", kVersion},
                                      {"node", node},
                                      {"studies", json::value_from(studies)},
                                      {"series", json::value_from(series)},
                                      {"user", user},
                                      {"address", address}});
}

SendParameters SendParameters::from_json(std::span<const std::byte> text) {
  int64_t version = 0;
  try {
    const auto object = json::parse({reinterpret_cast<const char*>(text.data()), text.size()}).as_object();
    version = object.at("version").to_number<int64_t>();
    if (version == kVersion) {
      SendParameters read;
      read.node = json::value_to<std::string>(object.at("node"));
      if (const auto* studies = object.if_contains("studies"))
        read.studies = json::value_to<std::vector<std::string>>(*studies);
      if (const auto* series = object.if_contains("series"))
        read.series = json::value_to<std::vector<std::string>>(*series);
      if (const auto* user = object.if_contains("user")) read.user = json::value_to<std::string>(*user);
      if (const auto* address = object.if_contains("address")) read.address = json::value_to<std::string>(*address);
      return read;
    }
  } catch (const std::exception& error) {
    throw Error(Code::invalid, std::string("the parameters of a job \"send\" can't be read: ") + error.what());
  }
  throw Error(Code::unsupported, "the parameters of a job \"send\" have version " + std::to_string(version) +
                                     ", of a newer program: use that");
}

std::string SendParameters::title() const {
  std::string what;
  if (!studies.empty()) what = counted(studies.size(), "study", "studies");
  if (!series.empty()) what += (what.empty() ? "" : " and ") + counted(series.size(), "series", "series");
  return "Send " + what + " to " + node;
}

}  // namespace fermata::transfers
